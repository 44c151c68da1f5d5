import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  CloseOutlined,
  CopyOutlined,
  DeleteOutlined,
  PlusCircleOutlined,
} from '@ant-design/icons';
import { errorId, type FieldErrorProps, type IconButtonProps } from '@rjsf/utils';
import { Button } from 'antd';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';

import { Icon } from '../Icon';
import type { JsonObject } from './types';

/** What is wrong with a field, each thing once: the library adds the server's problems again whenever they change. */
function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps<JsonObject>) {
  if (errors.length === 0) return null;
  const texts = [...new Set(errors.map(String))];
  return (
    <div id={errorId(fieldPathId)}>
      {texts.map((text) => (
        <div key={text}>{text}</div>
      ))}
    </div>
  );
}

type Does = 'add' | 'copy' | 'moveDown' | 'moveUp' | 'remove' | 'clear';

/** A button of a list's entries; the library's own speak English, and are read by the names of their icons. */
function entryButton(does: Does, shape: ComponentProps<typeof Icon>['of']) {
  return function EntryButton({ id, className, disabled, onClick }: IconButtonProps<JsonObject>) {
    const { t } = useTranslation('components');
    const words = t(`form.item.${does}`);
    return (
      <Button
        id={id}
        className={className ?? ''}
        disabled={disabled === true}
        onClick={onClick}
        icon={<Icon of={shape} />}
        danger={does === 'remove'}
        {...(does !== 'add' && { 'aria-label': words, title: words })}
      >
        {does === 'add' && words}
      </Button>
    );
  };
}

export const templates = {
  FieldErrorTemplate,
  ButtonTemplates: {
    AddButton: entryButton('add', PlusCircleOutlined),
    CopyButton: entryButton('copy', CopyOutlined),
    MoveDownButton: entryButton('moveDown', ArrowDownOutlined),
    MoveUpButton: entryButton('moveUp', ArrowUpOutlined),
    RemoveButton: entryButton('remove', DeleteOutlined),
    ClearButton: entryButton('clear', CloseOutlined),
  },
};
