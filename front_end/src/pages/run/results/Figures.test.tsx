import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { startI18n } from '../../../i18n';
import { Figures } from './Figures';

it('names the rows that were measured on in the language of the screen', async () => {
  await startI18n('zh');
  render(<Figures figures={[{ name: 'part', value: 'validation' }]} />);
  expect(screen.getByText('评估数据')).toBeInTheDocument();
  expect(screen.queryByText('validation')).toBeNull();
});
