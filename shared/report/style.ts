/**
 * The style sheet of reports. It is constant: the policy of the page on which a report is laid out allows this text by its
 * hash and no other style at all. Margins belong to the page box, so that tables flow over pages and their heads repeat.
 */
export const reportStyle = `
@page { size: A4; margin: 18mm 18mm 20mm 20mm; }
* { box-sizing: border-box; margin: 0; padding: 0; }
html { background: #fff; color: #1a1d1c; font: 9pt/4.4mm Arial, "Liberation Sans", Helvetica, sans-serif; font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.sender { padding-bottom: 2mm; border-bottom: 0.5mm solid #12604f; color: #12604f; font-weight: bold; font-size: 10pt; }
h1 { margin-top: 7mm; font-size: 17pt; line-height: 8mm; font-weight: bold; }
.lead { margin-top: 1.5mm; color: #565d5a; font-size: 10.5pt; line-height: 5mm; }
h2 { margin-top: 8mm; padding-bottom: 1.2mm; border-bottom: 0.3mm solid #1a1d1c; font-size: 12pt; line-height: 6mm; break-after: avoid; }
h3 { margin-top: 5mm; font-size: 10pt; line-height: 5mm; break-after: avoid; }
p { margin-top: 2mm; max-width: 150mm; orphans: 3; widows: 3; overflow-wrap: anywhere; }
p.small { color: #565d5a; font-size: 7.5pt; line-height: 3.6mm; }
p.note { padding: 1.6mm 3mm; border-left: 1mm solid #8a908e; background: #f2f4f3; max-width: none; break-inside: avoid; }
p.note.good { border-color: #1b7a4b; } p.note.warn { border-color: #b06a00; } p.note.bad { border-color: #a33a26; }
ul { margin-top: 2mm; padding-left: 5mm; }
li { margin-top: 0.8mm; max-width: 150mm; overflow-wrap: anywhere; break-inside: avoid; }
dl { margin-top: 4mm; }
dl div { display: flex; gap: 4mm; padding: 0.7mm 0; border-bottom: 0.15mm solid #d3d8d6; break-inside: avoid; }
dt { flex: none; width: 46mm; color: #565d5a; }
dd { flex: 1; min-width: 0; overflow-wrap: anywhere; }
table { width: 100%; margin-top: 3mm; border-collapse: collapse; font-size: 8pt; line-height: 3.8mm; }
caption { padding-bottom: 1mm; color: #565d5a; text-align: left; font-size: 8pt; break-after: avoid; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { padding: 1mm 2.4mm 1mm 0; border-bottom: 0.4mm solid #1a1d1c; text-align: left; vertical-align: bottom; font-weight: bold; }
td { padding: 1mm 2.4mm 1mm 0; border-bottom: 0.15mm solid #d3d8d6; text-align: left; vertical-align: top; }
.any { overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
.end { text-align: right; white-space: nowrap; }
.narrow { width: 1%; white-space: nowrap; }
.none { color: #565d5a; }
.badge { display: inline-block; padding: 0 1.6mm; border: 0.25mm solid #8a908e; border-radius: 0.8mm; color: #3c423f; font-weight: bold; font-size: 7.5pt; line-height: 3.8mm; white-space: nowrap; }
.badge.good { border-color: #1b7a4b; color: #14603b; } .badge.warn { border-color: #b06a00; color: #8a5300; } .badge.bad { border-color: #a33a26; color: #8f2f1d; }
code { font: 7.5pt/3.8mm "Liberation Mono", "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
.signs { display: flex; gap: 12mm; margin-top: 18mm; break-inside: avoid; }
.signs div { flex: 1; padding-top: 1mm; border-top: 0.2mm solid #1a1d1c; color: #565d5a; font-size: 8pt; }
`;
