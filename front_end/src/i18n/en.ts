import enUS from 'antd/locale/en_US';

/** All English texts: one namespace for each file. */
export const texts = import.meta.glob<object>('./en/*.json', { eager: true, import: 'default' });
export { enUS as antd };
