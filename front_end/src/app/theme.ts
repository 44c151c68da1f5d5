import { type ThemeConfig, theme } from 'antd';

const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const MONO =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

const shared: NonNullable<ThemeConfig['token']> = {
  fontFamily: FONT,
  fontFamilyCode: MONO,
  fontSize: 14,
  borderRadius: 6,
  borderRadiusLG: 8,
  wireframe: false,
};

const components: NonNullable<ThemeConfig['components']> = {
  Table: { cellPaddingBlock: 10, cellPaddingInline: 14, headerSplitColor: 'transparent' },
  Card: { headerHeight: 46, bodyPadding: 18, headerPadding: 18 },
  Alert: { withDescriptionPadding: '10px 14px', withDescriptionIconSize: 18, fontSizeLG: 14 },
  Form: { verticalLabelPadding: '0 0 4px' },
  Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
};

// The colours of text on their backgrounds have a contrast of 4.5 or more in both schemes.

const light: ThemeConfig = {
  algorithm: theme.defaultAlgorithm,
  token: {
    ...shared,
    colorPrimary: '#0f6478',
    colorInfo: '#0f6478',
    colorLink: '#0b5a6d',
    colorSuccess: '#237a3b',
    colorWarning: '#9a5b00',
    colorError: '#b8312f',
    colorInfoBg: '#e9f3f6',
    colorInfoBorder: '#aed3dd',
    colorSuccessBg: '#e8f5eb',
    colorSuccessBorder: '#a9d6b5',
    colorWarningBg: '#fdf3e1',
    colorWarningBorder: '#eccb92',
    colorErrorBg: '#fcedec',
    colorErrorBorder: '#efb7b4',
    colorPrimaryBg: '#e4f0f3',
    colorPrimaryBgHover: '#d3e6eb',
    colorTextBase: '#1b2530',
    colorTextSecondary: '#4a5866',
    colorTextTertiary: '#5a6875',
    colorTextDescription: '#566472',
    colorTextPlaceholder: '#6b7784',
    colorBgLayout: '#f5f7f9',
    colorBgContainer: '#ffffff',
    colorBorder: '#cfd7de',
    colorBorderSecondary: '#e3e8ec',
  },
  components: {
    ...components,
    Table: { ...components.Table, headerBg: '#f8fafb', headerColor: '#4a5866', rowHoverBg: '#f5f8fa' },
    Layout: { siderBg: '#ffffff', headerBg: '#ffffff', bodyBg: '#f5f7f9' },
    Menu: { itemSelectedBg: '#e4f0f3', itemSelectedColor: '#0b5163', itemBg: 'transparent' },
  },
};

const dark: ThemeConfig = {
  algorithm: theme.darkAlgorithm,
  token: {
    ...shared,
    colorPrimary: '#3a9db5',
    colorInfo: '#3a9db5',
    colorLink: '#6cc5d8',
    colorSuccess: '#58b873',
    colorWarning: '#dca24a',
    colorError: '#ec7b76',
    colorInfoBg: '#16303a',
    colorInfoBorder: '#28535f',
    colorSuccessBg: '#17301f',
    colorSuccessBorder: '#2c5539',
    colorWarningBg: '#33270f',
    colorWarningBorder: '#5d4820',
    colorErrorBg: '#391d1d',
    colorErrorBorder: '#673434',
    colorPrimaryBg: '#1d3740',
    colorPrimaryBgHover: '#25444f',
    colorTextBase: '#dfe6ed',
    colorTextSecondary: '#aab6c2',
    colorTextTertiary: '#98a5b2',
    colorTextDescription: '#9aa7b4',
    colorTextPlaceholder: '#8593a1',
    // White on the primary colour of this scheme would be too faint.
    colorTextLightSolid: '#08151a',
    colorBgBase: '#10161d',
    colorBgLayout: '#10161d',
    colorBgContainer: '#18212a',
    colorBgElevated: '#1f2a35',
    colorBorder: '#364451',
    colorBorderSecondary: '#2a3641',
  },
  components: {
    ...components,
    Table: { ...components.Table, headerBg: '#1b252f', headerColor: '#aab6c2', rowHoverBg: '#1d2832' },
    Layout: { siderBg: '#141c24', headerBg: '#141c24', bodyBg: '#10161d' },
    Menu: { itemSelectedBg: '#1d3740', itemSelectedColor: '#8fd6e5', itemBg: 'transparent' },
    Tooltip: { colorTextLightSolid: '#dfe6ed', colorBgSpotlight: '#2b3844' },
    // The algorithm darkens these, too far for small text on their own tints.
    Tag: { colorSuccess: '#6fcf8b', colorInfo: '#6cc5d8', colorWarning: '#e3b365', colorError: '#f08e89' },
  },
};

export const themes = { light, dark };
