import 'dayjs/locale/zh-cn';

import zhCN from 'antd/locale/zh_CN';

/** All Chinese texts: one namespace for each file. */
export const texts = import.meta.glob<object>('./zh/*.json', { eager: true, import: 'default' });
export { zhCN as antd };
