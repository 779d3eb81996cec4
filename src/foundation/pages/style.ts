/** For screens from phone size on, and for A4. */
export const style = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1f2933;font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:960px;margin:0 auto;padding:56px 28px}
h1{font-size:34px;line-height:1.2;margin:0 0 10px;letter-spacing:-.02em}h1 span{color:#52606d;font-weight:400}
h2{font-size:21px;margin:56px 0 14px}h3{font-size:16px;margin:36px 0 6px}
p{margin:0 0 10px}.intro,.note{color:#52606d;max-width:68ch}.note{font-size:13px}
.currency{font-size:24px;margin-top:64px;border-top:2px solid #1f2933;padding-top:20px}
.tiles{display:flex;flex-wrap:wrap;gap:24px 56px;margin:36px 0 0}.tiles div{min-width:130px;display:grid;grid-template-rows:auto auto minmax(20px,auto);align-self:end}
.tiles small{display:block;color:#52606d;font-size:13px}.tiles b{font-size:26px;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tiles .first b{font-size:42px;line-height:1.15}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;color:#52606d;font-size:13px;text-align:right;padding:6px 0 6px 16px;border-bottom:1px solid #cbd2d9}
td{padding:8px 0 8px 16px;text-align:right;border-bottom:1px solid #e9edf1;white-space:nowrap;vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:anywhere;min-width:150px}
td small{display:block;color:#52606d;font-size:12px}td code{display:block;font:12px/1.45 ui-monospace,Menlo,monospace;color:#52606d;margin-top:2px}
.total td{font-weight:600;border-bottom:0}.rest td{color:#52606d}
.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:9px}
.bar{display:inline-block;width:80px;height:7px;border-radius:4px;background:#e9edf1;margin-right:10px;vertical-align:1px;overflow:hidden}
.bar i{display:block;height:100%;background:#0072b2}.share{display:inline-block;min-width:48px}
figure{margin:0;overflow-x:auto}figure svg{display:block;width:100%;min-width:620px;height:auto}
ul{padding-left:20px;margin:0;max-width:74ch}li{margin-bottom:8px}
footer{margin-top:64px;border-top:1px solid #cbd2d9;padding-top:20px;color:#52606d;font-size:13px;overflow-wrap:anywhere}
footer h2{font-size:15px;margin:0 0 8px;color:#1f2933}
@media (max-width:600px){main{padding:32px 18px}h1{font-size:27px}.tiles{gap:20px 32px}.tiles .first{width:100%}.tiles .first b{font-size:34px}.tiles b{font-size:21px}.bar{display:none}td,th{padding-left:5px;font-size:13px;white-space:normal}th{font-size:12px}th:first-child,td:first-child{min-width:84px}}
@page{size:A4;margin:16mm 14mm}
@media print{body{font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}main{padding:0;max-width:none}h2,h3{break-after:avoid}tr,figure,.tiles{break-inside:avoid}figure svg{min-width:0}.bar{width:50px}h2{margin-top:30px}}
`;
