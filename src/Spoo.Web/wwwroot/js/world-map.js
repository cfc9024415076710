// <world-map data-model="{…}">: draws where clicks came from, with jsvectormap. The only script that knows it. The model is made in
// Components/Dashboard/WorldMap.razor. Needs no circuit; fetched and drawn when it is about to be seen.
let library;

function load() {
  return library ??= (async () => {
    const Map = (await import('../lib/jsvectormap/jsvectormap.esm.js')).default;
    // The map calls this when it arrives; nothing else tells which countries it has.
    let paths = {};
    const addMap = Map.addMap;
    Map.addMap = (name, map) => {
      paths = map.paths;
      addMap(name, map);
    };
    window.jsVectorMap = Map;
    await import('../lib/jsvectormap/world.js');
    return { Map, paths };
  })();
}

// How many shades there are between few clicks and many. Countries differ by powers of ten, and so do the shades.
const SHADES = 6;

class WorldMap extends HTMLElement {
  static observedAttributes = ['data-model'];

  connectedCallback() {
    this.redraw = () => this.draw();
    document.addEventListener('spoo:theme', this.redraw);
    this.sight = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        this.sight.disconnect();
        this.isSeen = true;
        this.draw();
      }
    }, { rootMargin: '300px' });
    this.sight.observe(this);
    // Paper has no place to scroll to: what has not been scrolled to yet is drawn when there is nothing else to do, before it can be printed.
    // The chart comes first, where the line is slow.
    const whenIdle = () => {
      if (!document.querySelector('clicks-chart[data-drawn]') && document.querySelector('clicks-chart')) this.idle = setTimeout(whenIdle, 1000);
      else this.idle = setTimeout(() => { this.isSeen = true; this.draw(); }, 2000);
    };
    this.idle = setTimeout(whenIdle, 1000);
    // A map that is drawn keeps its zoom when its place changes; drawn anew it fits.
    this.size = new ResizeObserver(() => {
      clearTimeout(this.resizing);
      if (this.drawnWidth !== this.clientWidth) this.resizing = setTimeout(() => this.draw(), 150);
    });
    this.size.observe(this);
  }

  disconnectedCallback() {
    document.removeEventListener('spoo:theme', this.redraw);
    this.sight.disconnect();
    this.size.disconnect();
    clearTimeout(this.resizing);
    clearTimeout(this.idle);
    this.clear();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.isSeen) this.draw();
  }

  clear() {
    const map = this.map;
    this.map = null;
    // With touch the library notes one handler under two events, and stumbles over the second when both are gone; the next time it is not there.
    try {
      map?.destroy();
    } catch {
      map.destroy();
    }
    this.replaceChildren();
  }

  async draw() {
    if (!this.isSeen) return;
    const turn = this.turn = (this.turn ?? 0) + 1;
    const { Map, paths } = await load();
    if (turn !== this.turn || !this.isConnected || this.clientWidth === 0) return;
    const { countries, chosen } = JSON.parse(this.dataset.model);
    const style = getComputedStyle(this);
    // Where countries lead to and what is said of them may change without a stroke being drawn.
    this.countries = countries;
    const looks = JSON.stringify([Object.entries(countries).map(([code, [clicks]]) => [code, clicks]), chosen, this.clientWidth, style.color]);
    if (this.map && looks === this.drawnLooks) return;
    this.clear();
    [this.drawnLooks, this.drawnWidth] = [looks, this.clientWidth];
    const color = name => style.getPropertyValue(name).trim();
    const most = Math.max(1, ...Object.values(countries).map(([clicks]) => clicks));
    const known = Object.entries(countries).filter(([code]) => code in paths);
    const shade = clicks => most === 1 ? SHADES : 1 + Math.round((SHADES - 1) * Math.log(clicks) / Math.log(most));
    const box = this.appendChild(document.createElement('div'));
    box.className = 'world';
    this.map = new Map({
      selector: box,
      map: 'world',
      backgroundColor: 'transparent',
      zoomOnScroll: false,
      zoomAnimate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      showTooltip: true,
      regionStyle: {
        initial: { fill: color('--map-land'), stroke: color('--surface'), strokeWidth: 0.5, fillOpacity: 1 },
        hover: { fillOpacity: 0.75, cursor: 'default' },
      },
      series: {
        regions: [{
          attribute: 'fill',
          scale: Object.fromEntries(Array.from({ length: SHADES }, (_, i) => [i + 1, color(`--map-${i + 1}`)])),
          values: Object.fromEntries(known.map(([code, [clicks]]) => [code, shade(clicks)])),
        }],
      },
      focusOn: chosen && chosen in paths ? { region: chosen, animate: false } : undefined,
      onRegionTooltipShow: (_, tooltip, code) => {
        const [, name, words] = this.countries[code] ?? [];
        tooltip.text(name ? `${name}: ${words}` : nameOf(code) ?? tooltip.text(), false);
      },
      onRegionClick: (_, code) => this.follow(this.countries[code]?.[3]),
    });
    for (const [code] of known) box.querySelector(`[data-code="${code}"]`)?.classList.add('has-clicks');
    // So that it also fits where there is less room for it, as on paper.
    this.svg?.setAttribute('viewBox', `0 0 ${this.clientWidth} ${this.clientHeight}`);
    this.dataset.drawn = 'true';
  }

  /** What is drawn, to be taken away as a picture. */
  get svg() {
    return this.querySelector('svg');
  }

  /** As if the country were a link: then no other code has to take the page there. */
  follow(url) {
    if (!url) return;
    const link = this.parentElement.appendChild(document.createElement('a'));
    link.href = url;
    link.click();
    link.remove();
  }
}

/** In the page's language; null for what is no country of its own. */
function nameOf(code) {
  try {
    return new Intl.DisplayNames(document.documentElement.lang, { type: 'region', fallback: 'none' }).of(code);
  } catch {
    return null;
  }
}

customElements.define('world-map', WorldMap);
