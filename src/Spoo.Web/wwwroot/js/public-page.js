// The public page of a link, which has no circuit: what a click on one of its links changes is fetched and put into the page, so that
// nothing flashes and readers keep their place. Without this script the links are ordinary links, and nothing is missing but that.
const root = () => document.getElementById('public-stats');
let asking = null;

/** Makes `from` look like `to` by changing only what differs. What a script has drawn inside of an element stays that script's. */
function morph(from, to) {
  const drawn = from.localName.includes('-') && from !== root();
  for (const { name } of [...from.attributes]) if (!drawn && !to.hasAttribute(name) && !kept(from, name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value && !kept(from, name)) from.setAttribute(name, value);
  if (drawn) return;
  const [old, fresh] = [[...from.childNodes], [...to.childNodes]];
  fresh.forEach((node, i) => {
    const before = old[i];
    if (!before) from.appendChild(node);
    else if (before.nodeType !== node.nodeType || before.nodeName !== node.nodeName || before.id !== node.id) before.replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) morph(before, node);
    else if (before.data !== node.data) before.data = node.data;
  });
  for (const node of old.slice(fresh.length)) node.remove();
}

/** What the reader has chosen with the mouse and no address says: an open menu. */
function kept(element, name) {
  return name === 'open' && element.matches('details');
}

/** New numbers come over one stream, which is closed while the page is hidden and brings what was missed when it is shown again. */
let stream = null;
function listen() {
  const live = document.hidden ? null : root()?.dataset.live;
  if (stream?.live === live) return;
  stream?.close();
  stream = null;
  if (!live) return;
  const url = new URL(live, document.baseURI);
  url.searchParams.set('seen', root().dataset.version);
  stream = new EventSource(url);
  stream.live = live;
  stream.addEventListener('report', event => { if (root()?.dataset.live === live) show(event.data); });
  stream.addEventListener('gone', () => location.reload());
}
document.addEventListener('visibilitychange', listen);
addEventListener('spoo:shown', listen);
addEventListener('pageshow', listen);
addEventListener('pagehide', () => { stream?.close(); stream = null; });

function show(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  const stats = fresh.getElementById('public-stats');
  if (!stats) return false;
  morph(root(), document.adoptNode(stats));
  if (fresh.title) document.title = fresh.title;
  return true;
}

async function go(url, push) {
  asking?.abort();
  asking = new AbortController();
  const report = root().querySelector('.report');
  report?.classList.add('is-asking');
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { accept: 'text/html' } });
    // Whatever is no report - a password, a limit, a failure - is the browser's to show.
    if (!answer.ok || !show(await answer.text())) throw new Error(answer.statusText);
    if (push) history.pushState(null, '', answer.url);
    dispatchEvent(new Event('spoo:shown'));
  } catch (error) {
    if (error.name !== 'AbortError') location.assign(url);
  } finally {
    if (!asking?.signal.aborted) report?.classList.remove('is-asking');
  }
}

document.addEventListener('click', event => {
  const link = event.target instanceof Element && event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.target || link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
  event.preventDefault();
  go(link.href, true);
});
addEventListener('popstate', () => { if (root()) go(location.href, false); });

// The first visit was drawn before anybody knew this browser's clock; app.js has told the server by now.
if (root()) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const asked = new URLSearchParams(location.search).has('timezone');
  if (!asked && zone && zone !== root().dataset.zone && document.cookie.includes('timezone=') && !sessionStorage.getItem('spoo:zone')) {
    sessionStorage.setItem('spoo:zone', zone);
    go(location.href, false);
  }
}

// In a frame: the page around it may want to know how tall it is. The number is no secret, so it is told to any page.
if (root() && parent !== window) {
  const page = root().closest('main');
  new ResizeObserver(() => parent.postMessage({ type: 'spoo:height', height: page.offsetHeight }, '*')).observe(page);
}
