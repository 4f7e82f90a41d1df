/** The look of a report: on screen in light and dark, and on A4 paper. */
export const reportStyle = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f6f7f9;--line:#e2e5ea;--text:#1b1f24;--quiet:#5b6572;--accent:#2458d3}
.on-dark{display:none}
@media screen and (prefers-color-scheme:dark){.on-dark{display:inline}.on-light{display:none}:root{--ground:#0f1216;--panel:#171b21;--line:#2a3038;--text:#e8ebef;--quiet:#9aa5b1;--accent:#7fa6ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:60rem;margin:0 auto;padding:3rem 1.5rem 5rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .3rem}
h2{font-size:1.2rem;margin:3rem 0 .8rem;padding-top:.8rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.6rem 0 .4rem}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--accent)}
.quiet,figcaption,.where{color:var(--quiet)}
nav ol{margin:.8rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none}
.findings{margin:0;padding:0;list-style:none}
.findings li{margin:.5rem 0;padding:.6rem .9rem;background:var(--panel);border-radius:4px}
figure{margin:1.6rem 0 2.2rem}
/* Figures take the colours of the page; pictures that hold a ground are there for the light and for the dark. */
.plate{border:1px solid var(--line);border-radius:4px;padding:12px;overflow-x:auto}
.plate svg{display:block;max-width:100%;height:auto;margin:0 auto}
figcaption{font-size:.85rem;line-height:1.5;margin-top:.5rem;max-width:none}
figcaption b{color:var(--text)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:4px}
table{border-collapse:collapse;font-size:.8rem;width:100%}
th,td{padding:.3rem .6rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
th{font-weight:600;vertical-align:bottom;background:var(--panel)}
th.wrap{white-space:normal;min-width:5.5rem}
th:first-child,td:first-child,.words th,.words td{text-align:left}
.words td{white-space:normal;overflow-wrap:anywhere}
math{font-size:1.05rem;margin:.6rem 0}
.formula{display:grid;grid-template-columns:10rem 1fr;gap:.2rem 1.2rem;align-items:center;padding:.5rem 0;border-bottom:1px solid var(--line)}
.formula:last-child{border-bottom:0}
.formula .where{grid-column:2;font-size:.85rem;margin:0}
.formula math{margin:0;text-align:left;justify-content:start}
pre{background:var(--panel);border-radius:4px;padding:.8rem 1rem;overflow-x:auto;font:.8rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@page{size:A4;margin:16mm 14mm}
@media print{
:root{color-scheme:light;--ground:#fff;--panel:#f6f7f9;--line:#cfd4da;--text:#000;--quiet:#444;--accent:#000}
body{font-size:9.5pt;line-height:1.4}
main{max-width:none;padding:0}
nav{display:none}
h2{margin-top:1.6rem;break-after:avoid}
h3{break-after:avoid}
figure,.formula,.findings li,tr{break-inside:avoid}
.plate{border:0;padding:0;overflow:visible}
.plate svg{margin:0}
.scroll{overflow:visible;border:0}
table{font-size:6pt}
th,td{padding:.15rem .25rem;white-space:normal}
th.wrap{min-width:0}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
}`;
