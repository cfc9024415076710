// <clicks-chart data-model="{…}">: draws the model with ApexCharts. The only script that knows ApexCharts; the model is
// Components/Dashboard/ChartModel.cs. Needs no circuit: changing the attribute changes the chart, and zooming follows a link.
//
// ApexCharts draws lines and axes. What answers the reader is ours, so that mouse, touch and keyboard do the same: a cross-hair with its
// tip, a stretch that is being chosen, and marks for what happened.
const loadApex = () => import('../lib/apexcharts/apexcharts.esm.js').then(module => module.default);
const language = document.documentElement.lang || 'en';
const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });

/** So many pixels are a drag and no longer a click. */
const DRAG = 6;

class ClicksChart extends HTMLElement {
  static observedAttributes = ['data-model'];

  connectedCallback() {
    this.redraw = () => this.draw();
    document.addEventListener('spoo:theme', this.redraw);
    this.resizes = new ResizeObserver(() => { if (this.chart && this.clientWidth !== this.drawnWidth) this.draw(); });
    this.resizes.observe(this);
    this.addEventListener('pointermove', event => this.onMove(event));
    this.addEventListener('pointerdown', event => this.onDown(event));
    this.addEventListener('pointerup', event => this.onUp(event));
    this.addEventListener('pointercancel', () => this.leave());
    this.addEventListener('pointerleave', () => { if (this.from === undefined) this.leave(); });
    this.addEventListener('keydown', event => this.onKey(event));
    this.addEventListener('focus', () => { if (this.model && this.matches(':focus-visible')) this.show(this.at ?? this.model.points.length - 1); });
    this.addEventListener('blur', () => this.leave());
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener('spoo:theme', this.redraw);
    this.resizes.disconnect();
    this.chart?.destroy();
    this.chart = null;
  }

  attributeChangedCallback() {
    if (this.isConnected) this.draw();
  }

  async draw() {
    const turn = this.turn = (this.turn ?? 0) + 1;
    const ApexCharts = await loadApex();
    if (turn !== this.turn || !this.isConnected || !this.dataset.model) return;
    const before = this.model;
    this.model = JSON.parse(this.dataset.model);
    const looks = [JSON.stringify({ ...this.model, zoomUrl: undefined }), this.clientWidth, getComputedStyle(this).color].join();
    if (this.chart && looks === this.drawnLooks) return;
    [this.drawnLooks, this.drawnWidth] = [looks, this.clientWidth];
    const options = this.options(this.model);
    if (this.chart) {
      await this.chart.updateOptions(options, false, false);
    } else {
      const canvas = this.appendChild(document.createElement('div'));
      canvas.setAttribute('aria-hidden', 'true');
      // ApexCharts measures each of its texts where it stands. In a tree of its own the browser need not ask the page's style sheets
      // for each of them, however many rules those have.
      const tree = canvas.attachShadow({ mode: 'open' }).appendChild(document.createElement('div'));
      this.overlay = this.appendChild(document.createElement('div'));
      this.overlay.className = 'chart-overlay';
      this.overlay.setAttribute('aria-hidden', 'true');
      this.chart = new ApexCharts(tree, options);
      await this.chart.render();
    }
    if (!this.isConnected || !this.chart) return;
    this.beReadable();
    this.drawMarks();
    // New clicks change the numbers under the reader's eyes, and nothing else.
    if (this.hair && before?.points[0].from === this.model.points[0].from && before.points.length === this.model.points.length) this.show(this.at);
    else this.leave();
    this.dataset.drawn = 'true';
  }

  /** What is drawn, to be taken away as a picture. */
  get svg() {
    return this.chart?.el.querySelector('svg');
  }

  /** What the picture is of, for a reader who has nothing but it. */
  get caption() {
    const { name, otherName, importedName } = this.model;
    const compared = this.closest('.card').querySelector('.compared-with')?.textContent;
    return {
      title: name,
      lines: [
        { name, stroke: '--clicks' },
        ...(otherName ? [{ name: compared ?? otherName, stroke: '--compared', dash: '6 5' }] : []),
        ...(importedName ? [{ name: importedName, stroke: '--muted', dash: '2 3' }] : []),
      ],
    };
  }

  /** A slider over the points: arrow keys move it, and screen readers say where it stands. */
  beReadable() {
    const last = this.model.points.length - 1;
    this.at = Math.min(this.at ?? last, last);
    this.tabIndex = 0;
    this.setAttribute('role', 'slider');
    this.setAttribute('aria-label', this.dataset.label);
    this.setAttribute('aria-valuemin', '0');
    this.setAttribute('aria-valuemax', String(last));
    this.say(this.at);
  }

  say(index) {
    const point = this.model.points[index];
    const marks = this.model.marks.filter(mark => mark.index === index).map(mark => mark.text);
    const imported = point.imported ? `; ${this.model.importedName}: ${point.importedText}` : '';
    const other = point.otherTitle ? `; ${point.otherTitle}: ${point.otherText}, ${point.change.text}` : '';
    this.setAttribute('aria-valuenow', String(index));
    this.setAttribute('aria-valuetext', [`${this.titleOf(index)}: ${point.text} ${this.model.name}${imported}${other}`, ...marks].join('. '));
  }

  titleOf(index) {
    const { points, unfinished, soFar } = this.model;
    return points[index].title + (unfinished && index === points.length - 1 ? `, ${soFar}` : '');
  }

  // Where things are

  get plot() {
    const { translateX: left, translateY: top, gridWidth: width, gridHeight: height } = this.chart.w.globals;
    return { left, top, width, height };
  }

  xOf(index) {
    const { left, width } = this.plot;
    const last = this.model.points.length - 1;
    return left + (last === 0 ? width / 2 : width * index / last);
  }

  yOf(value) {
    const { top, height } = this.plot;
    const { minY, maxY } = this.chart.w.globals;
    return top + height - (value - minY) / (maxY - minY) * height;
  }

  indexAt(event) {
    const { left, width } = this.plot;
    const x = event.clientX - this.getBoundingClientRect().left - left;
    const last = this.model.points.length - 1;
    return Math.max(0, Math.min(last, Math.round(x / width * last)));
  }

  // What answers the reader

  onMove(event) {
    if (!this.chart || !this.model) return;
    this.show(this.indexAt(event));
    if (this.from !== undefined && Math.abs(event.clientX - this.downX) >= DRAG) this.choose(this.from, this.at);
  }

  onDown(event) {
    if (!this.chart || event.button !== 0 || event.pointerType !== 'mouse' || !this.model.zoomUrl) return;
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    this.downX = event.clientX;
    this.from = this.indexAt(event);
  }

  onUp(event) {
    if (this.from === undefined) return;
    const [from, to] = [this.from, this.indexAt(event)];
    this.zoom(Math.min(from, to), Math.max(from, to));
  }

  onKey(event) {
    if (!this.model || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.model.points.length - 1;
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 7, PageDown: -7, Home: -last, End: last };
    if (event.key in steps) {
      if (event.shiftKey && this.from === undefined) this.from = this.at;
      if (!event.shiftKey) this.forget();
      this.show(Math.max(0, Math.min(last, this.at + steps[event.key])));
      if (this.from !== undefined) this.choose(this.from, this.at);
    } else if (event.key === 'Enter' && this.model.zoomUrl) {
      const from = this.from ?? this.at;
      this.zoom(Math.min(from, this.at), Math.max(from, this.at));
    } else if (event.key === 'Escape' && this.from !== undefined) {
      this.forget();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  show(index) {
    this.at = index;
    this.say(index);
    const point = this.model.points[index];
    const { top, height } = this.plot;
    const x = this.xOf(index);
    this.hair ??= this.add('chart-hair');
    place(this.hair, { left: x, top, height });
    this.dots?.forEach(dot => dot.remove());
    this.dots = [[point.otherValue, 'other'], [point.value, '']].filter(([value]) => value != null).map(([value, kind]) => {
      const dot = this.add(`chart-dot ${kind}`);
      place(dot, { left: x, top: this.yOf(value) });
      return dot;
    });
    this.tip ??= this.add('chart-tip');
    this.tip.replaceChildren(...this.tipFor(index));
    // Beside the line, on the side that has room.
    const beyond = x + 16 + this.tip.offsetWidth > this.clientWidth;
    place(this.tip, { left: Math.max(4, beyond ? x - 16 - this.tip.offsetWidth : x + 16), top: top + 8 });
  }

  tipFor(index) {
    const { points, marks, name, zoomUrl, zoomHint } = this.model;
    const point = points[index];
    const rows = [];
    const row = (kind, title, text, change) => {
      const line = element('span', kind);
      line.append(element('i'), element('em', '', title), element('b', '', text));
      if (change) line.append(element('small', change.mood ?? '', change.text));
      rows.push(line);
    };
    rows.push(element('strong', '', name));
    row('', this.titleOf(index), point.text, point.change);
    if (point.imported) row('imported', this.model.importedName, point.importedText);
    if (point.otherTitle) row('other', point.otherTitle, point.otherText);
    for (const mark of marks.filter(mark => mark.index === index)) rows.push(element('p', mark.kind, mark.text));
    if (zoomUrl && matchMedia('(hover: hover)').matches) rows.push(element('p', 'hint', zoomHint));
    return rows;
  }

  choose(from, to) {
    const { top, height } = this.plot;
    const [left, right] = [this.xOf(Math.min(from, to)), this.xOf(Math.max(from, to))];
    this.chosen ??= this.add('chart-chosen');
    place(this.chosen, { left, top, width: Math.max(2, right - left), height });
  }

  zoom(first, last) {
    this.forget();
    const url = new URL(this.model.zoomUrl, document.baseURI);
    url.searchParams.set('start_date', new Date(this.model.points[first].from).toISOString());
    url.searchParams.set('end_date', new Date(this.model.points[last].to).toISOString());
    const link = document.body.appendChild(document.createElement('a'));
    link.href = url.pathname + url.search;
    link.click();
    link.remove();
  }

  forget() {
    this.from = undefined;
    this.chosen?.remove();
    this.chosen = undefined;
  }

  leave() {
    this.forget();
    this.hair?.remove();
    this.tip?.remove();
    this.dots?.forEach(dot => dot.remove());
    this.hair = this.tip = this.dots = undefined;
  }

  drawMarks() {
    this.overlay.querySelectorAll('.chart-mark').forEach(mark => mark.remove());
    const { top, height } = this.plot;
    for (const { index, kind } of this.model.marks) place(this.add(`chart-mark ${kind}`), { left: this.xOf(index), top, height });
  }

  add(classes) {
    return this.overlay.appendChild(element('div', classes));
  }

  /** How many labels fit below the axis. */
  room(labels) {
    const widest = Math.max(...labels.map(label => label.length)) * 7 + 36;
    // Beside them are the numbers of the other axis.
    return Math.max(1, Math.min(8, Math.floor((this.clientWidth - 60) / widest)));
  }

  options(model) {
    const style = getComputedStyle(this);
    const color = name => style.getPropertyValue(name).trim();
    const labels = model.points.map(point => point.label);
    const values = model.points.map(point => point.value ?? null);
    const others = model.otherName ? [{ name: model.otherName, type: 'line', data: model.points.map(point => point.otherValue ?? null) }] : [];
    // On top of the clicks and apart from them: a line of dots says where only the number is known.
    const imported = model.importedName ? [{ name: model.importedName, type: 'line', data: model.points.map(point => point.imported ? (point.value ?? 0) + point.imported : null) }] : [];
    const lonely = values.filter(value => value !== null).length <= 2;
    const top = niceMax(Math.max(0, ...values, ...[...others, ...imported].flatMap(other => other.data)), model.isCount);
    return {
      chart: {
        type: 'line', height: this.clientHeight || 320, width: '100%', parentHeightOffset: 0, fontFamily: 'inherit', foreColor: color('--muted'),
        background: 'transparent', toolbar: { show: false }, zoom: { enabled: false }, animations: { enabled: false }, redrawOnParentResize: false,
        // The style elements that it makes are let in by the page's policy under this name, and no others are.
        nonce: document.querySelector('script[nonce]')?.nonce,
      },
      theme: { mode: style.colorScheme.includes('dark') && !style.colorScheme.includes('light') ? 'dark' : undefined },
      series: [{ name: model.name, type: 'area', data: values }, ...others, ...imported],
      colors: [color('--clicks'), ...others.map(() => color('--compared')), ...imported.map(() => color('--muted'))],
      stroke: { width: [2.5, ...others.map(() => 2), ...imported.map(() => 2)], curve: 'straight', lineCap: 'round', dashArray: [0, ...others.map(() => 5), ...imported.map(() => 3)] },
      fill: {
        type: ['gradient', ...others.map(() => 'solid'), ...imported.map(() => 'solid')], opacity: [0.2, ...others.map(() => 1), ...imported.map(() => 1)],
        gradient: { type: 'vertical', shadeIntensity: 0, gradientToColors: [color('--clicks')], opacityFrom: 0.24, opacityTo: 0.02, stops: [0, 100] },
      },
      markers: {
        size: [lonely ? 5 : 0, ...others.map(() => lonely ? 5 : 0), ...imported.map(() => 0)], strokeWidth: 0, hover: { size: 0, sizeOffset: 0 },
        // Each point that there is, by name: of a line that ends before the chart, ApexCharts would mark one more, at zero.
        showNullDataPoints: imported.length === 0,
        discrete: imported.flatMap(({ data }, line) => data.flatMap((value, point) => value === null ? [] : [{ seriesIndex: 1 + others.length + line, dataPointIndex: point, fillColor: color('--muted'), size: 3 }])),
      },
      dataLabels: { enabled: false },
      legend: { show: false },
      // The last bucket is still filling: its line is drawn broken. Of a line that has no point there, ApexCharts would draw one at zero.
      forecastDataPoints: { count: model.unfinished && labels.length > 1 && imported.every(({ data }) => data.at(-1) !== null) ? 1 : 0, dashArray: 5, fillOpacity: 0.3 },
      grid: { borderColor: color('--line'), strokeDashArray: 0, padding: { left: 12, right: 16, top: -8, bottom: 0 } },
      xaxis: {
        type: 'category', categories: labels, tickAmount: Math.min(labels.length - 1, this.room(labels)), tickPlacement: 'on',
        axisBorder: { show: false }, axisTicks: { show: false }, tooltip: { enabled: false }, crosshairs: { show: false },
        labels: { rotate: 0, hideOverlappingLabels: true, trim: false, style: { fontSize: '12px' } },
      },
      yaxis: {
        min: 0, max: top, tickAmount: 4, forceNiceScale: false,
        labels: { formatter: value => (value >= 10000 ? compact : plain).format(value) + (model.unit ? ` ${model.unit}` : ''), style: { fontSize: '12px' } },
      },
      tooltip: { enabled: false },
      states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
    };
  }
}

function element(name, classes = '', text = '') {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

function place(box, edges) {
  for (const [edge, pixels] of Object.entries(edges)) box.style[edge] = `${pixels}px`;
}

/** A round number above the peak, whose quarters are whole where the numbers are. */
function niceMax(peak, whole) {
  if (whole && peak <= 4) return 4;
  if (peak <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(peak));
  const step = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].find(step => step * power >= peak);
  return whole ? Math.ceil(step * power / 4) * 4 : step * power;
}

customElements.define('clicks-chart', ClicksChart);
