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

/** The picture as it is on the page, on the colour of its card. */
function picture(svg, card) {
  const copy = svg.cloneNode(true);
  const { width, height } = svg.getBoundingClientRect();
  const style = getComputedStyle(svg);
  for (const foreign of copy.querySelectorAll('foreignObject')) foreign.remove();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  copy.setAttribute('font-family', style.fontFamily);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(card).backgroundColor);
  copy.prepend(ground);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

async function savePicture(button) {
  const card = button.closest('.card');
  const drawing = card.querySelector('clicks-chart, world-map');
  if (!drawing?.svg) return;
  const { text, width, height } = picture(drawing.svg, card);
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
    button.closest('details').open = false;
    savePicture(button);
  }
});
