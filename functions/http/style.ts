import { createHash } from 'node:crypto';

/** The whole style of the pages: system fonts, two colour schemes, nothing loaded from anywhere. */
export const style = `
:root { color-scheme: light dark;
  --ground: #f4f6f5; --card: #ffffff; --text: #17211d; --soft: #55635d; --line: #d7dfdb; --field: #7c8a84;
  --accent: #0f6b4f; --on-accent: #ffffff; --wash: #eaf3ef; --warn: #8a4b00; --warn-wash: #fdf3e1; --stop: #a3262a; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #101513; --card: #19201d; --text: #e6ece9; --soft: #a3b1ab; --line: #2d3833; --field: #76867f;
  --accent: #5cc9a0; --on-accent: #0b1a14; --wash: #1d2b25; --warn: #f0b866; --warn-wash: #2c2415; --stop: #f08a86; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem 3rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 47rem; margin: 0 auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 2rem; }
.brand { display: flex; align-items: center; gap: .55rem; max-width: 47rem; margin: 0 auto .9rem; color: var(--soft); font-weight: 600; letter-spacing: .02em; }
.brand::before { content: ""; width: .8rem; height: .8rem; border-radius: 50%; background: var(--accent); }
h1 { margin: 0 0 .5rem; font-size: 1.65rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem; }
h3 { margin: 1rem 0 .4rem; font-size: 1rem; }
h3 .soft { font-weight: 400; }
p { margin: 0 0 .8rem; }
.soft, .hint, footer { color: var(--soft); }
dl { margin: 0; border-top: 1px solid var(--line); }
dl > div { display: grid; grid-template-columns: 11rem 1fr; gap: .2rem 1.25rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .6rem .75rem .6rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 400; font-size: .9rem; }
tbody th { width: 11rem; font-weight: 400; color: var(--soft); }
thead th span { display: block; color: var(--text); }
tr.differs td { background: var(--warn-wash); padding-left: .75rem; }
.tag { display: inline-block; margin-left: .4rem; padding: 0 .45rem; border: 1px solid currentColor; border-radius: 99px; color: var(--warn); font-size: .8rem; }
.note { padding: .75rem 1rem; border-radius: 8px; background: var(--wash); }
.note.warn, .note.wrong { background: var(--warn-wash); }
.note.wrong { border-left: 4px solid var(--stop); }
.note ul { margin: .3rem 0 0; padding-left: 1.2rem; }
form { margin: 0; }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0; }
legend, label.above { display: block; margin-bottom: .3rem; padding: 0; font-weight: 600; }
.field { margin-bottom: 1.25rem; }
.hint { margin: 0 0 .4rem; font-size: .92rem; }
.problem { margin: .35rem 0 0; color: var(--stop); font-weight: 600; }
input[type=text], textarea { width: 100%; padding: .6rem .75rem; border: 1px solid var(--field); border-radius: 8px; background: var(--card); color: inherit; font: inherit; }
textarea { min-height: 5.5rem; resize: vertical; }
[aria-invalid=true] { border: 2px solid var(--stop) !important; }
.choices { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.choices label { display: flex; gap: .65rem; align-items: baseline; padding: .8rem 1rem; border: 1px solid var(--field); border-radius: 8px; cursor: pointer; }
.choices label:has(:checked) { border-color: var(--accent); background: var(--wash); box-shadow: inset 0 0 0 1px var(--accent); }
.choices small { display: block; color: var(--soft); font-size: .9rem; }
input[type=radio] { accent-color: var(--accent); }
button { padding: .7rem 1.4rem; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button + button { margin-left: .75rem; }
button.stop { background: transparent; color: var(--stop); box-shadow: inset 0 0 0 2px var(--stop); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
time { white-space: nowrap; }
nav { margin-bottom: .75rem; font-size: .95rem; }
code { padding: .1rem .3rem; border-radius: 4px; background: var(--wash); font: .92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.advice { padding-left: 1.2rem; }
.advice li { margin-bottom: .6rem; }
.advice code { display: block; margin-top: .25rem; padding: .5rem .65rem; user-select: all; }
.tasks { padding-left: 1.2rem; }
.tasks .done { color: var(--soft); }
progress { display: block; width: 100%; height: .8rem; accent-color: var(--accent); }
figure { margin: 0; }
figure p { margin: 0; color: var(--soft); font-size: .85rem; }
figure svg { display: block; width: 100%; height: 8rem; }
.line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.limit { fill: none; stroke: var(--warn); stroke-dasharray: 6 4; vector-effect: non-scaling-stroke; }
.axis { fill: none; stroke: var(--field); vector-effect: non-scaling-stroke; }
.axis-ends { display: flex; justify-content: space-between; gap: 1rem; }
figcaption { margin: .4rem 0 .6rem; }
summary { cursor: pointer; color: var(--accent); }
.rows { margin: 0 0 1rem; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.rows li { padding: .45rem 0; border-bottom: 1px solid var(--line); }
.steps li { display: grid; grid-template-columns: 5rem 1fr auto; gap: 0 .75rem; }
.steps time { color: var(--soft); font-variant-numeric: tabular-nums; }
.list :is(td, th) { overflow-wrap: break-word; }
.list a { overflow-wrap: anywhere; }
.note + dl { margin-top: 1.25rem; }
.note p:last-child { margin: 0; }
footer { max-width: 47rem; margin: 1rem auto 0; font-size: .9rem; }
@media (max-width: 44rem) { body { padding: 1rem .5rem 2rem; } main { padding: 1.25rem; }
  dl > div { grid-template-columns: 1fr; } .choices { grid-template-columns: 1fr; }
  thead { position: absolute; clip-path: inset(50%); } tr, tbody th, td { display: block; width: auto; border: 0; padding: .15rem 0; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); } td::before { content: attr(data-at) ": "; color: var(--soft); } }
@media (forced-colors: active) { button { border: 1px solid; } }
`;

/** What the pages' policy names instead of a file. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
