// Makes of other people's packages what the pages load: MudBlazor's style sheet without the rules of components that no page uses, the
// flags of the countries in one file, and a world map that is no finer than a screen. Run by eng/setup.sh: node eng/page-assets.mjs MUDBLAZOR.CSS FOLDER.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import postcss from 'postcss';
import { PurgeCSS } from 'purgecss';
import { minify } from 'terser';

const [source, folder] = process.argv.slice(2);

// The components that pages with a circuit are made of. Their classes are put together inside of the library and cannot be found by looking
// for words in our pages, so whole families stay. A page with a component of another family needs its name here; the stories that look at
// every page say which rules are missing.
const families = [
  'adjacent', 'alert', 'appbar', 'application', 'autocomplete', 'breadcrumbs?', 'button', 'card', 'checkbox', 'checked', 'chip', 'chipset', 'clickable', 'collapse', 'container', 'data-grid', 'day', 'default',
  'dense', 'dialog', 'disabled', 'divider', 'elevation', 'error', 'expand', 'file-upload', 'flip', 'focus-trap', 'form', 'hidden', 'icon', 'inherit', 'input', 'item', 'label', 'layout',
  'link', 'list', 'ltr', 'main', 'menu', 'overlay', 'pagination', 'paper', 'picker', 'popover', 'primary', 'progress', 'radio', 'range', 'ripple', 'scroll', 'select',
  'selected', 'shape', 'shrink', 'simple', 'skeleton', 'sm', 'snackbar', 'sort', 'svg', 'switch', 'tab', 'table', 'tabs', 'text', 'theme', 'toolbar', 'tooltip', 'typography', 'virtualize', 'width',
].join('|');
const wanted = new RegExp(`^mud-(${families})(-|_|$)`);

// Of those families: parts that no page has, and colours that none asks for.
const unwanted = /^mud-(button-group-(?!root)|picker-(color|time))|^mud-(?!overlay|alert).*-(secondary|tertiary|info|dark)(-|$)/;

// What the library itself and our pages use of its rules for everything: distances up to 32 pixels are all there are.
const helpers = /^(fixed|pointer-events-none|outline-none|d-(flex|inline|none)|flex-.*|gap-[0-8]|justify-.*|align-.*|cursor-.*|overflow-.*|[mp][axytblrse]-[0-8]|[mp][lrx]-(auto|n[0-8]))$/;

const [result] = await new PurgeCSS().purge({
  content: [{ raw: '', extension: 'html' }],
  css: [{ raw: readFileSync(source, 'utf8') }],
  keyframes: true,
  safelist: {
    standard: [
      /^(html|body|:root|\*|a|button|input|textarea|select|svg|ul|ol|li|table|thead|tbody|tr|th|td|p|h[1-6]|div|span|label|fieldset|legend|img|iframe|hr|pre|code)$/,
      { test: name => (wanted.test(name) && !unwanted.test(name)) || helpers.test(name) },
    ],
  },
});
// What it says of bare elements goes for its own only: ours look as css/ground.css says.
const sheet = postcss.parse(result.css.replace('\uFEFF', ''));
sheet.walkRules(rule => {
  if (rule.parent.name?.endsWith('keyframes')) return;
  rule.selectors = rule.selectors.map(selector => /[.#[]|^:root/.test(selector) ? selector : selector.replace(/^(\*|[a-z][a-z0-9]*)/, ':where($1[class*="mud-"])'));
});
writeFileSync(`${folder}/mudblazor/mudblazor.css`, `@layer mud {\n${sheet}\n}\n`);

const flags = {};
for (const name of readdirSync('node_modules/circle-flags/flags')) {
  if (/^[a-z]{2}\.svg$/.test(name)) flags[name.slice(0, 2).toUpperCase()] = readFileSync(`node_modules/circle-flags/flags/${name}`, 'utf8').trim();
}
writeFileSync(`${folder}/flags/flags.json`, JSON.stringify(flags));

// Borders are drawn to a hundredth of the width of 900, of which a screen shows one. Points that fall together at a fifth are one point; what
// would vanish altogether stays as it is.
const Grid = 0.2;

function coarser(path) {
  return path.replace(/M[^M]*/g, part => {
    let [x, y, column, row, points, drawn] = [0, 0, 0, 0, 0, ''];
    const text = steps => String(+(steps * Grid).toFixed(1)).replace(/^(-?)0\./, '$1.');
    for (const [, command, numbers] of part.matchAll(/([MlZ])([^MlZ]*)/g)) {
      if (command === 'Z') {
        drawn += command;
        continue;
      }
      const [a, b] = numbers.split(',').map(Number);
      [x, y] = command === 'M' ? [a, b] : [x + a, y + b];
      const [toColumn, toRow] = [Math.round(x / Grid), Math.round(y / Grid)];
      if (command === 'l' && toColumn === column && toRow === row) continue;
      drawn += command === 'M' ? `M${text(toColumn)},${text(toRow)}` : `l${text(toColumn - column)},${text(toRow - row)}`;
      [column, row, points] = [toColumn, toRow, points + 1];
    }
    return points < 3 ? part : drawn;
  });
}

const packages = 'node_modules/jsvectormap/dist';
const world = readFileSync(`${packages}/maps/world.js`, 'utf8');
writeFileSync(`${folder}/jsvectormap/world.js`, world.replace(/path:"([^"]*)"/g, (_, path) => `path:"${coarser(path)}"`));
const map = await minify(readFileSync(`${packages}/jsvectormap.esm.js`, 'utf8'), { module: true });
writeFileSync(`${folder}/jsvectormap/jsvectormap.esm.js`, map.code);
