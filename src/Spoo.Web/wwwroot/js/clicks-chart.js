// <clicks-chart data-model="{…}">: draws the model with ApexCharts. The only script that knows ApexCharts; the model is documented
// in Components/Dashboard/ClicksChart.razor. Needs no circuit: whoever changes the attribute changes the chart.
const loadApex = () => import('../lib/apexcharts/apexcharts.esm.js').then(module => module.default);
const count = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

class ClicksChart extends HTMLElement {
  static observedAttributes = ['data-model'];

  connectedCallback() {
    this.redraw = () => this.draw();
    document.addEventListener('spoo:theme', this.redraw);
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener('spoo:theme', this.redraw);
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
    const options = this.options(JSON.parse(this.dataset.model));
    if (this.chart) {
      await this.chart.updateOptions(options, false, false);
    } else {
      this.chart = new ApexCharts(this.appendChild(document.createElement('div')), options);
      await this.chart.render();
    }
    this.dataset.drawn = 'true';
  }

  /** How many labels fit below the axis. */
  room(labels) {
    const widest = Math.max(...labels.map(label => label.length)) * 7 + 36;
    return Math.max(1, Math.min(8, Math.floor(this.clientWidth / widest)));
  }

  options(model) {
    const style = getComputedStyle(this);
    const color = name => style.getPropertyValue(name).trim();
    const points = model.labels.length;
    const peak = Math.max(1, ...model.series.flatMap(series => series.values));
    return {
      chart: {
        type: 'line', height: this.clientHeight || 320, width: '100%', parentHeightOffset: 0, fontFamily: 'inherit', foreColor: color('--muted'),
        background: 'transparent', toolbar: { show: false }, zoom: { enabled: false }, animations: { enabled: false }, redrawOnParentResize: true,
      },
      theme: { mode: style.colorScheme.includes('dark') && !style.colorScheme.includes('light') ? 'dark' : undefined },
      series: model.series.map((series, i) => ({ name: series.name, type: i === 0 ? 'area' : 'line', data: series.values })),
      colors: model.series.map(series => color(series.color)),
      stroke: { width: [2.5, 2], curve: 'straight', lineCap: 'round' },
      fill: {
        type: ['gradient', 'solid'], opacity: [0.2, 1],
        gradient: { type: 'vertical', shadeIntensity: 0, gradientToColors: [color(model.series[0].color)], opacityFrom: 0.24, opacityTo: 0.02, stops: [0, 100] },
      },
      markers: { size: points <= 2 ? 5 : 0, strokeWidth: 0, hover: { size: 5 } },
      dataLabels: { enabled: false },
      legend: { show: false },
      // The last bucket is still filling: its line is drawn broken.
      forecastDataPoints: { count: model.unfinished ? 1 : 0, dashArray: 5, fillOpacity: 0.3 },
      grid: { borderColor: color('--line'), strokeDashArray: 0, padding: { left: 12, right: 16, top: -8, bottom: 0 } },
      xaxis: {
        type: 'category', categories: model.labels, tickAmount: Math.min(points - 1, this.room(model.labels)), tickPlacement: 'on',
        axisBorder: { show: false }, axisTicks: { show: false }, tooltip: { enabled: false },
        crosshairs: { stroke: { color: color('--muted'), dashArray: 0 } },
        labels: { rotate: 0, hideOverlappingLabels: true, trim: false, style: { fontSize: '12px' } },
      },
      yaxis: {
        min: 0, max: niceMax(peak), tickAmount: Math.min(4, niceMax(peak)), forceNiceScale: false,
        labels: { formatter: value => value >= 10000 ? compact.format(value) : count.format(Math.round(value * 10) / 10), style: { fontSize: '12px' } },
      },
      tooltip: {
        shared: true, intersect: false,
        custom: ({ dataPointIndex: i }) => tooltip(model, i),
      },
    };
  }
}

/** A round number above the peak, whose quarters are whole where the numbers are small. */
function niceMax(peak) {
  if (peak <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(peak));
  const step = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].find(step => step * power >= peak);
  return Math.ceil(step * power / 4) * 4;
}

function tooltip(model, index) {
  const box = document.createElement('div');
  box.className = 'chart-tip';
  const title = box.appendChild(document.createElement('strong'));
  title.textContent = model.titles[index] + (model.unfinished && index === model.labels.length - 1 ? ', so far' : '');
  for (const series of model.series) {
    const row = box.appendChild(document.createElement('span'));
    const dot = row.appendChild(document.createElement('i'));
    dot.style.background = `var(${series.color})`;
    row.append(`${series.name} `);
    row.appendChild(document.createElement('b')).textContent = count.format(series.values[index]);
  }
  return box.outerHTML;
}

customElements.define('clicks-chart', ClicksChart);
