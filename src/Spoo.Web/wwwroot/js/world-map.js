// <world-map data-model="{…}">: draws where clicks came from, with jsvectormap. The only script that knows it. The model is made in
// Components/Dashboard/WorldMap.razor. Needs no circuit; fetched and drawn when somebody is about to see it.
let library;

function load() {
  return library ??= (async () => {
    window.jsVectorMap = (await import('../lib/jsvectormap/jsvectormap.esm.js')).default;
    await import('../lib/jsvectormap/world.js');
    return window.jsVectorMap;
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
    this.size = new ResizeObserver(() => this.map?.updateSize());
    this.size.observe(this);
  }

  disconnectedCallback() {
    document.removeEventListener('spoo:theme', this.redraw);
    this.sight.disconnect();
    this.size.disconnect();
    this.clear();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.isSeen) this.draw();
  }

  clear() {
    this.map?.destroy();
    this.map = null;
    this.replaceChildren();
  }

  async draw() {
    if (!this.isSeen) return;
    const turn = this.turn = (this.turn ?? 0) + 1;
    const Map = await load();
    if (turn !== this.turn || !this.isConnected) return;
    this.clear();
    const { countries, chosen } = JSON.parse(this.dataset.model);
    const style = getComputedStyle(this);
    const color = name => style.getPropertyValue(name).trim();
    const most = Math.max(1, ...Object.values(countries).map(([clicks]) => clicks));
    const known = Object.entries(countries).filter(([code]) => code in Map.maps.world.paths);
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
      focusOn: chosen && chosen in Map.maps.world.paths ? { region: chosen, animate: false } : undefined,
      onRegionTooltipShow: (_, tooltip, code) => {
        const [, name, words] = countries[code] ?? [];
        tooltip.text(name ? `${name}: ${words}` : tooltip.text(), false);
      },
      onRegionClick: (_, code) => this.follow(countries[code]?.[3]),
    });
    for (const [code] of known) box.querySelector(`[data-code="${code}"]`)?.classList.add('has-clicks');
    this.dataset.drawn = 'true';
  }

  /** As if the country were a link: then the page needs nobody else to take it there. */
  follow(url) {
    if (!url) return;
    const link = this.parentElement.appendChild(document.createElement('a'));
    link.href = url;
    link.click();
    link.remove();
  }
}

customElements.define('world-map', WorldMap);
