// Owns the colours and letters of the mails, by day and by night.

/** Deep blue-green ink on off-white, and its night form; each ink has a contrast of 4.5 or more on its paper. */
export const LIGHT = {
  desk: '#efede6',
  paper: '#fdfcf8',
  ink: '#12292e',
  soft: '#47595d',
  line: '#d3d5ce',
  action: '#0d4f5a',
  onAction: '#ffffff',
  late: '#9b2517',
  soon: '#7a4a00',
  calm: '#0d4f5a',
  waiting: '#47595d',
};
export const DARK: typeof LIGHT = {
  desk: '#0c1416',
  paper: '#142023',
  ink: '#e7eeec',
  soft: '#b0c0c0',
  line: '#344548',
  action: '#8ad3d6',
  onAction: '#06262b',
  late: '#ffb3a4',
  soon: '#f2c879',
  calm: '#8ad3d6',
  waiting: '#b0c0c0',
};

const inks = (['ink', 'soft', 'action', 'late', 'soon', 'calm', 'waiting'] as const)
  .map((name) => `.${name}{color:${DARK[name]}!important}`)
  .join('');

/** What inline styles cannot say: the night palette and narrow screens. */
export const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){.desk>table>tbody>tr>td{padding:0!important}.pad{padding-left:18px!important;padding-right:18px!important}}
@media (prefers-color-scheme:dark){${inks}
.desk,.desk>table>tbody>tr>td{background-color:${DARK.desk}!important}.paper{background-color:${DARK.paper}!important}
.button{background-color:${DARK.action}!important}.on-button{color:${DARK.onAction}!important}
.line{border-color:${DARK.line}!important}
${(['late', 'soon', 'calm', 'waiting'] as const).map((tone) => `.edge-${tone}{border-color:${DARK[tone]}!important}`).join('')}}`;

export const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const SERIF = "Georgia,'Times New Roman',serif";
