// Downloads that tell how far they are, and pictures of what is drawn. Without this script the links are ordinary links to the same files.
const root = document.documentElement;
const number = new Intl.NumberFormat(root.lang);

// What has more lines than this goes straight to the browser's own downloads: it would have to be held in memory here.
const MOST_LINES = 1_000_000;

let toast;

function say(text, isError = false) {
  if (!toast) {
    toast = document.createElement('div');
    toast.className = 'download-toast';
    toast.setAttribute('role', 'status');
    toast.append(document.createElement('span'), document.createElement('progress'));
    document.body.append(toast);
  }
  toast.querySelector('span').textContent = text;
  toast.querySelector('progress').hidden = true;
  toast.classList.toggle('is-error', isError);
  toast.hidden = false;
}

function progress(part) {
  const bar = toast.querySelector('progress');
  bar.hidden = false;
  if (part === null) bar.removeAttribute('value');
  else bar.value = part;
}

function hideSoon(milliseconds) {
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { toast.hidden = true; }, milliseconds);
}

function words(name) {
  return document.querySelector('[data-download-words]')?.dataset[name] ?? '';
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function download(url, lines) {
  clearTimeout(toast?.timer);
  say(words('preparing'));
  progress(null);
  try {
    const answer = await fetch(url, { credentials: 'same-origin' });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.error ?? `${answer.status} ${answer.statusText}`);
    }
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'spoo';
    const chunks = [];
    let bytes = 0, read = 0;
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      bytes += value.length;
      if (lines) {
        for (const byte of value) if (byte === 10) read++;
        say(words('lines').replace('{0}', number.format(Math.min(read, lines))).replace('{1}', number.format(lines)));
        progress(Math.min(1, read / lines));
      }
    }
    save(new Blob(chunks, { type: answer.headers.get('Content-Type') ?? '' }), name);
    say(words('done').replace('{0}', name));
    hideSoon(4000);
  } catch (error) {
    // A download that breaks off has no end, and is not kept: half a file looks like a whole one.
    say(words('failed').replace('{0}', error.message), true);
    hideSoon(12_000);
  }
}

const PAD = 20;
const LINE = 21;

function shape(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  if (text) made.textContent = text;
  return made;
}

/** Colours as every program understands them: outside of the page its names are not known, nor which of two values is meant. */
function plainColors(from, to) {
  for (const name of ['fill', 'stroke', 'stop-color']) {
    if (/var\(|light-dark\(/.test(from.getAttribute(name) ?? '') || (from.style?.getPropertyValue(name) ?? '') !== '') {
      to.setAttribute(name, getComputedStyle(from).getPropertyValue(name));
      to.style?.removeProperty(name);
    }
  }
  [...from.children].forEach((child, i) => plainColors(child, to.children[i]));
}

/** The picture as it is on the page, on the colour of its card, below what it is of: whose clicks, when, which of them, and which line is which. */
function picture(drawing, card) {
  const svg = drawing.svg;
  const { width, height } = svg.getBoundingClientRect();
  const color = name => { const probe = card.appendChild(document.createElement('i')); probe.style.color = `var(${name})`; const value = getComputedStyle(probe).color; probe.remove(); return value; };
  const copy = svg.cloneNode(true);
  plainColors(svg, copy);
  for (const foreign of copy.querySelectorAll('foreignObject')) foreign.remove();
  copy.setAttribute('x', PAD);
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);

  const words = element => element?.textContent.replace(/\s+/g, ' ').trim() ?? '';
  const { title, lines } = drawing.caption ?? { title: words(card.querySelector('[role=tab]')), lines: [] };
  const filters = [...document.querySelectorAll('.chip-text')].map(words).join('; ');
  const period = words(document.querySelector('.chart-card .card-title'));
  const about = [[`${words(document.querySelector('h1'))}: ${title}`, 16, 650, color('--text')], [period, 13, 400, color('--muted')]];
  if (filters) about.push([filters, 13, 400, color('--muted')]);
  const top = PAD + about.length * LINE + (lines.length > 0 ? LINE : 0) + 8;
  const whole = shape('svg', { xmlns: 'http://www.w3.org/2000/svg', width: width + 2 * PAD, height: top + height + PAD, 'font-family': getComputedStyle(card).fontFamily });
  whole.append(shape('rect', { width: '100%', height: '100%', fill: getComputedStyle(card).backgroundColor }));
  about.forEach(([text, size, weight, fill], i) => whole.append(shape('text', { x: PAD, y: PAD + i * LINE + 14, 'font-size': size, 'font-weight': weight, fill }, text)));
  let x = PAD;
  for (const { name, stroke, dash } of lines) {
    const y = PAD + about.length * LINE + 8;
    whole.append(shape('line', { x1: x, x2: x + 22, y1: y, y2: y, stroke: color(stroke), 'stroke-width': 2.5, 'stroke-dasharray': dash ?? 'none' }));
    whole.append(shape('text', { x: x + 30, y: y + 4, 'font-size': 13, fill: color('--muted') }, name));
    x += 30 + name.length * 7.5 + 26;
  }
  copy.setAttribute('y', top);
  whole.append(copy);
  return { text: new XMLSerializer().serializeToString(whole), width: width + 2 * PAD, height: top + height + PAD };
}

async function savePicture(button) {
  const card = button.closest('.card');
  const drawing = card.querySelector('clicks-chart, world-map');
  if (!drawing?.svg) return;
  const { text, width, height } = picture(drawing, card);
  const name = `spoo-${drawing.localName === 'world-map' ? 'map' : 'chart'}-${new Date().toISOString().slice(0, 10)}`;
  const file = new Blob([text], { type: 'image/svg+xml' });
  if (button.dataset.savePicture === 'svg') {
    save(file, `${name}.svg`);
    return;
  }
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob(blob => save(blob, `${name}.png`), 'image/png');
}

document.addEventListener('click', event => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const link = target.closest('a[data-progress]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const lines = Number(link.dataset.lines ?? 0);
    if (lines <= MOST_LINES) {
      event.preventDefault();
      download(link.href, lines);
    }
  }
  const button = target.closest('[data-save-picture]');
  if (button) {
    button.closest('details')?.removeAttribute('open');
    savePicture(button);
  }
});
