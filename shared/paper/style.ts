/**
 * The style sheet of the letter, in millimetres and points. It is constant: the policy of the letter's own page allows
 * this text by its hash and no other style at all.
 */
export const paperStyle = `
@page { size: A4; margin: 0; }
* { box-sizing: border-box; margin: 0; padding: 0; }
html { background: #fff; color: #1a1d1c; font: 9pt/4.2mm Arial, "Liberation Sans", Helvetica, sans-serif; font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.page { position: relative; width: 210mm; height: 297mm; overflow: hidden; break-after: page; }
.page:last-child { break-after: auto; }
.sender { position: absolute; top: 17mm; left: 25mm; right: 20mm; padding-bottom: 3mm; border-bottom: 0.5mm solid #12604f; color: #12604f; font-weight: bold; font-size: 14pt; line-height: 6mm; }
.mini { position: absolute; top: 16mm; left: 25mm; right: 20mm; display: flex; justify-content: space-between; padding-bottom: 2mm; border-bottom: 0.3mm solid #12604f; }
.window { position: absolute; top: 45mm; left: 25mm; width: 85mm; }
.window small { display: block; margin-bottom: 3.5mm; padding-bottom: 0.6mm; border-bottom: 0.2mm solid #8a908e; color: #565d5a; font-size: 6.5pt; line-height: 3.4mm; white-space: nowrap; overflow: hidden; }
.window b { display: block; font-size: 10.5pt; line-height: 5mm; font-weight: normal; }
.facts { position: absolute; top: 45mm; left: 122mm; width: 68mm; }
.facts div { display: flex; min-height: 4.8mm; line-height: 4.8mm; }
.facts dt { flex: none; width: 31mm; color: #565d5a; }
.facts dd { white-space: pre; }
h1 { position: absolute; top: 90mm; left: 25mm; right: 20mm; font-size: 14pt; line-height: 7mm; font-weight: bold; white-space: nowrap; overflow: hidden; }
.body { position: absolute; left: 25mm; width: 165mm; }
.row, .head, .carry { display: flex; overflow: hidden; }
.row { padding: 1mm 0; border-bottom: 0.15mm solid #d3d8d6; }
.head { height: 8mm; padding-top: 2.2mm; border-bottom: 0.4mm solid #1a1d1c; font-weight: bold; font-size: 8.5pt; }
.carry { height: 6.4mm; padding-top: 1.2mm; color: #565d5a; font-style: italic; }
.carry :first-child { flex: 1; text-align: right; padding-right: 4mm; }
.pos { flex: none; width: 10mm; }
.art { flex: none; width: 71mm; white-space: pre; overflow: hidden; }
.n { flex: none; text-align: right; white-space: nowrap; overflow: hidden; }
.qty { width: 20mm; } .price { width: 24mm; } .vat { width: 14mm; } .net { width: 26mm; }
.l1 { height: 6.2mm; } .l2 { height: 10.4mm; } .l3 { height: 14.6mm; } .l4 { height: 18.8mm; } .l5 { height: 23mm; } .l6 { height: 27.2mm; } .l7 { height: 31.4mm; } .l8 { height: 35.6mm; }
.none { height: 12mm; padding-top: 4mm; color: #565d5a; }
.sums { width: 95mm; margin-left: 70mm; padding-top: 3mm; }
.sums div { display: flex; justify-content: space-between; height: 5.4mm; line-height: 5.4mm; }
.sums .muted { color: #565d5a; }
.sums .total { height: 8mm; margin-top: 1mm; border-top: 0.3mm solid #1a1d1c; border-bottom: 0.7mm double #1a1d1c; font-weight: bold; font-size: 11pt; line-height: 7.4mm; }
.label { height: 8.4mm; padding-top: 4.2mm; color: #565d5a; font-size: 8pt; }
.text { height: 4.2mm; white-space: pre; overflow: hidden; }
.verify { display: flex; gap: 5mm; height: 38mm; padding-top: 8mm; }
.verify svg { flex: none; width: 30mm; height: 30mm; }
.verify b { display: block; margin: 1mm 0 1mm; font-size: 8.5pt; }
.verify p { width: 122mm; color: #3c423f; font-size: 8pt; line-height: 3.9mm; }
.verify code { display: block; width: 128mm; margin-top: 1.6mm; color: #3c423f; font: 6.5pt/3mm "Liberation Mono", "DejaVu Sans Mono", Consolas, monospace; white-space: nowrap; overflow: hidden; }
.foot { position: absolute; left: 25mm; right: 20mm; top: 273mm; display: flex; justify-content: space-between; gap: 8mm; padding-top: 2mm; border-top: 0.2mm solid #8a908e; color: #565d5a; font-size: 7.5pt; line-height: 3.6mm; }
.foot span:last-child { flex: none; }
.mark { position: absolute; top: 118mm; left: -20mm; width: 250mm; transform: rotate(-38deg); color: #f3e0db; font-weight: bold; text-align: center; line-height: 40mm; letter-spacing: 3mm; white-space: nowrap; }
.m0 { font-size: 92pt; } .m1 { font-size: 54pt; }
.stamp { position: absolute; top: 9mm; right: 20mm; padding: 0.4mm 2.4mm; border: 0.4mm solid #a33a26; color: #a33a26; font-weight: bold; font-size: 9pt; }
.body.first { top: 104mm; }
.body.next { top: 34mm; }
@media screen {
  html { background: #d9dedc; }
  body { display: flex; flex-direction: column; align-items: center; gap: 6mm; padding: 6mm 0; }
  .page { background: #fff; box-shadow: 0 0.4mm 2mm rgb(0 0 0 / 0.25); }
}
`;
