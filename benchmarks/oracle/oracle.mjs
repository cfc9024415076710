// Counts clicks by looking at every one of them, with rules written down a second time: what a value is, which filter lets it through,
// what a clock in a zone shows. Zones come from the runtime's own tables (Intl) and not from .NET's.
import fs from 'node:fs';
import os from 'node:os';

const [verb, folder, ...rest] = process.argv.slice(2);

// Each text as it stands in the file, and the value that it means.
const values = {
  browser: [['Chrome', 'Chrome'], ['Firefox', 'Firefox'], ['Mobile Safari', 'Mobile Safari'], ['Odd, "quoted"', 'Odd, "quoted"'], [undefined, null], ['Unknown', null], ['unknown', null]],
  os: [['Windows', 'Windows'], ['Mac OS X', 'macOS'], ['macOS', 'macOS'], ['Android', 'Android'], [undefined, null], ['Un\u200bknown', null]],
  device: [['desktop', 'desktop'], ['Mobile', 'mobile'], ['tablet', 'tablet'], ['fridge', 'fridge'], ['Fridge', 'fridge'], [undefined, null], ['Unknown', null]],
  country: [['DE', 'DE'], ['Germany', 'DE'], ['us', 'US'], ['United States', 'US'], ['Turkey', 'TR'], ['T1', 'T1'], ['Tor', 'T1'], [undefined, null], ['XX', null], ['Unknown', null], ['Atlantis', null]],
  region: [['Bayern', 'Bayern'], ['California', 'California'], [undefined, null], ['UNKNOWN', null]],
  city: [['München', 'München'], ['Mu\u0308nchen', 'München'], ['Washington, D.C.', 'Washington, D.C.'], ['San\u00a0José', 'San José'], ['San  José', 'San José'], ['Bonn', 'Bonn'], [undefined, null], ['Unknown', null]],
  language: [['de', 'de'], ['de-AT,de;q=0.8', 'de'], ['English', 'en'], ['fr', 'fr'], [undefined, null], ['Unknown', null]],
  referrer: [['https://www.google.com/search?q=x', 'google.com'], ['t.co', 't.co'], ['https://a.b.co.uk/x', 'b.co.uk'], ['http://intranet/x', 'intranet'], [undefined, null], ['direct', null]],
  utm_source: [['news', 'news'], ['a,b', 'a,b'], ['unknown', 'unknown'], ['=SUM(1)', '=SUM(1)'], [undefined, null], [undefined, null], ['(none)', null]],
  utm_medium: [['mail', 'mail'], ['e-mail', 'e-mail'], [undefined, null], ['(None)', null]],
  utm_campaign: [['Spring sale', 'Spring sale'], ['Spring\u00a0sale', 'Spring sale'], ['spring sale', 'spring sale'], ['❤\ufe0f', '❤'], [undefined, null], ['(no\u200bne)', null]],
  trigger: [['link', 'link'], ['qr', 'qr'], [undefined, 'link'], ['tap', 'link']],
  bot_rule: [[undefined, undefined], ['curl', 'curl'], ['Googlebot\\/', 'Googlebot\\/']],
};
const importedRule = 'said so by the import';
const noValue = { country: 'XX', device: 'unknown', referrer: 'Direct', utm_source: '(none)', utm_medium: '(none)', utm_campaign: '(none)', bot_rule: '(none)' };
const defaultLimit = { browser: 20, os: 20, device: 20, country: 50, region: 50, city: 50, language: 50, referrer: 30, utm_source: 50, utm_medium: 50, utm_campaign: 50, trigger: 20, visitor_type: 20, bot_rule: 50, short_code: 100 };
const dimensions = [...Object.keys(values), 'visitor_type', 'short_code'];
const englishName = { DE: 'Germany', US: 'United States', TR: 'Türkiye', T1: 'Tor' };
const languageName = { de: 'German', en: 'English', fr: 'French' };
const zones = ['UTC', 'Europe/Berlin', 'Europe/London', 'Europe/Dublin', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'America/Santiago', 'America/Havana',
  'America/Asuncion', 'America/Nuuk', 'Africa/Cairo', 'Africa/Casablanca', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran', 'Asia/Beirut', 'Asia/Gaza', 'Asia/Tokyo',
  'Australia/Lord_Howe', 'Australia/Adelaide', 'Pacific/Chatham', 'Pacific/Auckland', 'Pacific/Kiritimati', 'Pacific/Apia', 'Pacific/Marquesas', 'Antarctica/Troll', 'Atlantic/Azores'];
const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const first = Date.UTC(2023, 9, 1), last = Date.UTC(2025, 10, 30);

// mulberry32: a seed is a run.
function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: n => Math.floor(next() * n), pick: list => list[Math.floor(next() * list.length)], some: share => next() < share };
}

function write(count, seed) {
  const random = chance(seed);
  // Nights on which some clock was changed have more clicks than others.
  const nights = [Date.UTC(2023, 9, 29), Date.UTC(2023, 10, 5), Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 10), Date.UTC(2024, 2, 31), Date.UTC(2024, 3, 7), Date.UTC(2024, 9, 27), Date.UTC(2025, 2, 30), Date.UTC(2025, 10, 16)];
  const files = [[], []];
  for (let i = 0; i < count; i++) {
    const time = random.some(0.25) ? random.pick(nights) - 12 * hour + random.below(36 * hour)
      : random.some(0.1) ? first + random.below((last - first) / (15 * minute)) * 15 * minute - random.below(2)
      : first + Math.floor(random.next() * (last - first));
    const line = { id: `click ${i}`, time: Math.max(first, time), short_code: `link${Math.floor(40 * random.next() ** 2)}`, visitor: `visitor ${Math.floor(count / 3 * random.next() ** 2)}` };
    for (const [name, texts] of Object.entries(values)) {
      const [text] = random.pick(texts);
      if (text !== undefined && name !== 'bot_rule') {
        line[name] = text;
      }
    }
    if (random.some(0.15)) {
      line.bot = true;
      line.bot_rule = random.pick(values.bot_rule)[0];
    } else if (random.some(0.5)) {
      line.bot = false;
    }
    if (random.some(0.6)) {
      line.redirect_ms = random.some(0.01) ? random.pick([2147483647, 2147483646, -1, 3_600_001]) : random.below(400);
    }
    files[random.some(0.5) ? 0 : 1].push(JSON.stringify(line));
  }
  fs.writeFileSync(`${folder}/first.ndjson`, files[0].join('\n') + '\n');
  fs.writeFileSync(`${folder}/second.ndjson`, files[1].join('\n') + '\n');
}

// A line as what it means.
function read(text) {
  const line = JSON.parse(text);
  const click = { time: line.time, visitor: line.visitor, short_code: line.short_code };
  for (const [name, texts] of Object.entries(values)) {
    const found = texts.find(([written]) => written === line[name]);
    click[name] = found[1];
  }
  click.visitor_type = line.bot ? 'bot' : 'human';
  click.bot_rule = line.bot ? line.bot_rule ?? importedRule : null;
  click.redirect = Number.isInteger(line.redirect_ms) && line.redirect_ms >= 0 && line.redirect_ms <= 3_600_000 ? line.redirect_ms : null;
  return click;
}

// Minutes that a zone's clock is ahead of UTC; no clock of these years changes but at a quarter of an hour.
const formats = new Map(), offsets = new Map();
function offset(zone, instant) {
  const slot = Math.floor(instant / (15 * minute)), key = zone + slot;
  let known = offsets.get(key);
  if (known === undefined) {
    let format = formats.get(zone);
    if (!format) {
      formats.set(zone, format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }));
    }
    const parts = Object.fromEntries(format.formatToParts(slot * 15 * minute).map(part => [part.type, +part.value]));
    known = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - slot * 15 * minute;
    offsets.set(key, known);
    if (offsets.size > 3_000_000) {
      offsets.clear();
    }
  }
  return known;
}

const two = number => String(number).padStart(2, '0');
function label(zone, instant, interval) {
  const local = new Date(instant + offset(zone, instant));
  const date = `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  switch (interval) {
    case '10_minute': return `${date} ${two(local.getUTCHours())}:${two(Math.floor(local.getUTCMinutes() / 10) * 10)}`;
    case 'hour': return `${date} ${two(local.getUTCHours())}:00`;
    case 'day': return date;
    case 'month': return date.slice(0, 7);
    default: {
      // The ISO week is that of its Thursday.
      const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
      const thursday = new Date(midnight + (3 - (local.getUTCDay() + 6) % 7) * day);
      const week = 1 + Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * day));
      return `${thursday.getUTCFullYear()}-W${two(week)}`;
    }
  }
}

function labels(zone, from, to, interval) {
  const step = interval === '10_minute' ? 5 * minute : 15 * minute;
  const all = new Set([label(zone, from, interval)]);
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    all.add(label(zone, at, interval));
  }
  all.add(label(zone, to, interval));
  return [...all];
}

function startOfDay(zone, date) {
  const midnight = Date.parse(date + 'T00:00:00Z');
  for (let at = midnight - 15 * hour; ; at += 15 * minute) {
    if (label(zone, at, 'day') >= date) {
      return at;
    }
  }
}

const widthOf = length => length <= hour ? '10_minute' : length <= day ? 'hour' : length <= 90 * day ? 'day' : length <= 366 * day ? 'week' : 'month';
const labelOf = (dimension, value) => value === null || value === undefined ? noValue[dimension] ?? 'Unknown' : value;
const nameOf = (dimension, text) => dimension === 'country' ? englishName[text] ?? text : dimension === 'language' ? languageName[text] ?? text : text;
const lower = text => text.toLowerCase();

function accepts(filter, click) {
  const shown = labelOf(filter.dimension, click[filter.dimension]);
  const matches = filter.op.endsWith('~')
    ? filter.values.some(text => lower(shown).includes(lower(text)) || lower(nameOf(filter.dimension, shown)).includes(lower(text)))
    : filter.values.some(text => shown === (filter.dimension === 'device' ? lower(text) : filter.dimension === 'country' ? Object.keys(englishName).find(code => englishName[code] === text) ?? text : text));
  return matches !== filter.op.startsWith('!');
}

function count(clicks) {
  return { clicks: clicks.length, unique_clicks: new Set(clicks.map(click => click.visitor)).size };
}

function groups(clicks, key) {
  const found = new Map();
  for (const click of clicks) {
    const name = key(click);
    found.has(name) ? found.get(name).push(click) : found.set(name, [click]);
  }
  return found;
}

const ordinal = (a, b) => a < b ? -1 : a > b ? 1 : 0;

function summary(clicks) {
  const timed = clicks.filter(click => click.redirect !== null);
  const times = clicks.map(click => click.time);
  return {
    ...count(clicks),
    first: times.length ? times.reduce((a, b) => Math.min(a, b)) : null,
    last: times.length ? times.reduce((a, b) => Math.max(a, b)) : null,
    average: timed.length ? timed.reduce((sum, click) => sum + click.redirect, 0) / timed.length : 0,
  };
}

function answer(question, clicks, from, to) {
  const selected = clicks.filter(click => click.time >= from && click.time <= to && question.filters.every(filter => accepts(filter, click)));
  const interval = question.interval ?? widthOf(to - from);
  const lists = new Map();
  for (const dimension of new Set(question.groupBy)) {
    if (dimension === 'time') {
      const byLabel = groups(selected, click => label(question.zone, click.time, interval));
      lists.set('time', { rows: labels(question.zone, from, to, interval).map(name => ({ label: name, ...count(byLabel.get(name) ?? []) })), rest: [] });
    } else {
      const rows = [...groups(selected, click => labelOf(dimension, click[dimension]))].map(([name, some]) => ({ label: name, ...count(some) }))
        .sort((a, b) => b.clicks - a.clicks || ordinal(a.label, b.label));
      const limit = question.limit ?? defaultLimit[dimension];
      lists.set(dimension, { rows: rows.slice(0, limit), rest: rows.slice(limit) });
    }
  }
  const cells = [];
  if (question.cross) {
    const [one, two] = question.groupBy;
    const name = (dimension, click) => dimension === 'time' ? label(question.zone, click.time, interval) : labelOf(dimension, click[dimension]);
    const has = dimension => new Set(lists.get(dimension).rows.map(row => row.label));
    const [inOne, inTwo] = [has(one), has(two)];
    for (const some of groups(selected, click => JSON.stringify([name(one, click), name(two, click)])).entries()) {
      const [a, b] = JSON.parse(some[0]);
      if (inOne.has(a) && inTwo.has(b)) {
        cells.push({ a, b, ...count(some[1]) });
      }
    }
    cells.sort((x, y) => ordinal(x.a, y.a) || y.clicks - x.clicks || ordinal(x.b, y.b));
  }
  return { summary: summary(selected), lists, cells };
}

function question(random) {
  const zone = random.pick(zones);
  const asked = { zone, parameters: [['timezone', zone]], filters: [], groupBy: [], metrics: ['clicks', 'unique_clicks'] };
  const put = (name, value) => asked.parameters.push([name, value]);

  const length = random.pick([30 * minute, hour, 5 * hour, day, 3 * day, 14 * day, 60 * day, 120 * day, 400 * day]) * (0.5 + random.next());
  asked.from = Math.floor(first + random.next() * (last - first - length));
  asked.to = Math.floor(asked.from + length);
  switch (random.below(6)) {
    case 0:
      asked.form = 'whole days';
      [asked.firstDay, asked.lastDay] = [label(zone, asked.from, 'day'), label(zone, asked.to, 'day')];
      [asked.from, asked.to] = [startOfDay(zone, asked.firstDay), startOfDay(zone, new Date(Date.parse(asked.lastDay + 'T00:00:00Z') + day).toISOString().slice(0, 10)) - 1];
      put('start_date', asked.firstDay);
      put('end_date', random.some(0.5) ? asked.lastDay : asked.lastDay.replaceAll('-', ''));
      break;
    case 1:
      asked.form = 'Unix seconds';
      [asked.from, asked.to] = [Math.floor(asked.from / 1000) * 1000, Math.floor(asked.to / 1000) * 1000];
      put('start_date', String(asked.from / 1000));
      put('end_date', String(asked.to / 1000));
      break;
    case 2:
      asked.form = 'Unix milliseconds';
      put('start_date', String(asked.from));
      put('end_date', String(asked.to));
      break;
    case 3:
      asked.form = 'ISO 8601 with an offset';
      put('start_date', new Date(asked.from + 5.5 * hour).toISOString().replace('Z', '+05:30'));
      put('end_date', new Date(asked.to - 3 * hour).toISOString().replace('Z', '-03:00'));
      break;
    case 4:
      asked.form = 'a start alone';
      asked.to = null;
      put('start_date', new Date(asked.from).toISOString());
      break;
    default:
      asked.form = 'ISO 8601';
      put('start_date', new Date(asked.from).toISOString());
      put('end_date', new Date(asked.to).toISOString());
  }

  const all = ['time', 'time', 'time', 'time', 'time', ...dimensions];
  asked.groupBy = Array.from({ length: 1 + random.below(4) }, () => random.pick(all));
  if (random.some(0.15)) {
    asked.groupBy = [random.pick(all), random.pick(dimensions)];
    asked.cross = asked.groupBy[0] !== asked.groupBy[1];
    asked.groupBy = asked.cross ? asked.groupBy : ['time'];
  }
  put('group_by', asked.groupBy.join(','));
  if (asked.cross) {
    put('cross', 'true');
  }
  if (random.some(0.2)) {
    asked.metrics = [random.pick(['clicks', 'unique_clicks'])];
    put('metrics', asked.metrics[0]);
  }
  if (random.some(0.3)) {
    put('limit', String(asked.limit = 1 + random.below(5)));
  }
  const span = (asked.to ?? Date.now()) - asked.from;
  if (random.some(0.3)) {
    asked.interval = random.pick(span < 5 * day ? ['10_minute', 'hour', 'day', 'week', 'month'] : span < 60 * day ? ['hour', 'day', 'week', 'month'] : ['day', 'week', 'month']);
    put('interval', asked.interval);
  }

  const json = {};
  for (let i = random.below(4); i > 0; i--) {
    const dimension = random.pick(dimensions), op = random.pick(['', '', '!', '~', '!~']);
    if (asked.filters.some(filter => filter.dimension === dimension && filter.op === op)) {
      continue;
    }
    const known = dimension === 'visitor_type' ? ['human', 'bot'] : dimension === 'short_code' ? ['link0', 'link1', 'link7', 'link39', 'nothing']
      : [...values[dimension].map(([, value]) => labelOf(dimension, value)), 'nothing like it', ...dimension === 'device' ? ['Fridge'] : [], ...dimension === 'country' ? ['Germany', 'Tor'] : []];
    const texts = op.endsWith('~') ? ['a', 'e', 'ER', 'o', 'un', 'x', '1'] : known;
    const filter = { dimension, op, values: Array.from({ length: 1 + random.below(3) }, () => random.pick(texts)) };
    asked.filters.push(filter);
    if (random.some(0.4) || filter.values.some(text => text.includes(','))) {
      json[dimension + op] = filter.values;
    } else {
      put(dimension + op, filter.values.join(','));
    }
  }
  if (Object.keys(json).length > 0) {
    put('filters', JSON.stringify(json));
  }

  if (asked.to !== null && random.some(0.25)) {
    if (random.some(0.5)) {
      put('compare', 'previous');
      asked.other = [asked.from - (asked.to - asked.from) - 1, asked.from - 1];
    } else {
      const start = Math.floor(first + random.next() * (last - first) * 0.9);
      asked.other = [start, start + Math.floor(random.next() * 40 * day)];
      put('compare_start', String(asked.other[0]));
      put('compare_end', new Date(asked.other[1]).toISOString());
      asked.tooFine = asked.groupBy.includes('time');
    }
  }
  return asked;
}

async function ask(url, key, which, number, seed) {
  const lines = which === 'first' ? ['first'] : ['first', 'second'];
  const clicks = lines.flatMap(name => fs.readFileSync(`${folder}/${name}.ndjson`, 'utf8').split('\n').filter(Boolean)).map(read);
  const random = chance(seed);
  const tally = { questions: 0, numbers: 0, wrong: 0, withClicks: 0, forms: {}, kinds: {}, milliseconds: 0 };
  const started = Date.now();
  const pending = new Set();
  for (let i = 0; i < number; i++) {
    const asked = question(random);
    const one = check(asked, i).finally(() => pending.delete(one));
    pending.add(one);
    if (pending.size >= 4) {
      await Promise.race(pending);
    }
  }
  await Promise.all(pending);
  tally.milliseconds = Date.now() - started;
  fs.writeFileSync(`${folder}/tally-${which}.json`, JSON.stringify(tally));
  console.error(`oracle: ${tally.questions} questions over ${clicks.length} clicks, ${tally.numbers} numbers compared, ${tally.wrong} questions wrong`);

  async function check(asked, i) {
    const address = `${url}/api/v1/stats?${asked.parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
    const response = await fetch(address, { headers: { Authorization: `Bearer ${key}` } });
    const body = await response.json();
    const faults = [];
    const same = (what, is, should) => {
      tally.numbers++;
      if (is !== should) {
        faults.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
      }
    };
    const near = (what, is, should) => {
      tally.numbers++;
      if (!(Math.abs(is - should) <= 0.005 + 1e-9 * Math.abs(should))) {
        faults.push(`${what}: ${is} instead of ${should}`);
      }
    };
    tally.questions++;
    tally.forms[asked.form] = (tally.forms[asked.form] ?? 0) + 1;
    for (const kind of [asked.cross && 'cross-tab', asked.other && 'comparison', asked.filters.length && 'filtered', asked.groupBy.includes('time') && 'over time', asked.limit && 'cut short'].filter(Boolean)) {
      tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
    }
    if (response.status !== 200) {
      faults.push(`status ${response.status}: ${JSON.stringify(body)}`);
    } else {
      same('start', Date.parse(body.time_range.start_date), asked.from);
      if (asked.to !== null) {
        same('end', Date.parse(body.time_range.end_date), asked.to);
      }
      const to = asked.to ?? Date.parse(body.time_range.end_date);
      compare('', body, answer(asked, clicks, asked.from, to));
      if (asked.other) {
        same('start of the other', Date.parse(body.comparison.time_range.start_date), asked.other[0]);
        same('end of the other', Date.parse(body.comparison.time_range.end_date), asked.other[1]);
        compare('comparison ', body.comparison, answer({ ...asked, cross: false, interval: asked.interval ?? widthOf(asked.to - asked.from) }, clicks, ...asked.other), true);
      }
    }
    if (faults.length > 0) {
      tally.wrong++;
      console.error(`question ${i} of seed ${seed}: ${address.slice(url.length)}\n  ${faults.slice(0, 5).join('\n  ')}`);
    }

    function compare(where, is, should, isOther) {
      same(where + 'total', is.summary.total_clicks, should.summary.clicks);
      same(where + 'unique', is.summary.unique_clicks, should.summary.unique_clicks);
      same(where + 'first', is.summary.first_click && Date.parse(is.summary.first_click), should.summary.first);
      same(where + 'last', is.summary.last_click && Date.parse(is.summary.last_click), should.summary.last);
      near(where + 'average', is.summary.avg_redirection_time, should.summary.average);
      tally.withClicks += should.summary.clicks > 0 && !isOther ? 1 : 0;
      for (const [dimension, list] of should.lists) {
        const every = [...list.rows, ...list.rest];
        for (const metric of asked.metrics) {
          const name = `${where}${metric}_by_${dimension}`, rows = is.metrics[`${metric}_by_${dimension}`];
          same(name + ' rows', rows.length, list.rows.length);
          const sum = every.reduce((total, row) => total + row[metric], 0);
          list.rows.forEach((row, at) => {
            same(`${name} ${at}`, rows[at]?.[dimension], row.label);
            same(`${name} ${row.label}`, rows[at]?.[metric], row[metric]);
            sum > 0 ? near(`${name} ${row.label} share`, rows[at]?.[`${metric}_percentage`], 100 * row[metric] / sum) : same(`${name} share`, rows[at]?.[`${metric}_percentage`], undefined);
          });
        }
        if (!isOther) {
          const rest = is.truncated?.[dimension];
          same(`${dimension} rest`, rest?.rows ?? 0, list.rest.length);
          same(`${dimension} clicks of the rest`, rest?.clicks ?? 0, list.rest.reduce((total, row) => total + row.clicks, 0));
        }
      }
      if (asked.cross && !isOther) {
        for (const metric of asked.metrics) {
          const [one, two] = asked.groupBy, rows = is.metrics[`${metric}_by_${one}_${two}`];
          same(`cells of ${one} by ${two}`, rows.length, should.cells.length);
          should.cells.forEach((cell, at) => same(`cell ${at}`, JSON.stringify([rows[at]?.[one], rows[at]?.[two], rows[at]?.[metric]]), JSON.stringify([cell.a, cell.b, cell[metric]])));
        }
      }
    }
  }
}

function report(count, seed) {
  const tallies = ['first', 'both'].map(name => JSON.parse(fs.readFileSync(`${folder}/tally-${name}.json`, 'utf8')));
  const sum = read => tallies.reduce((total, tally) => total + read(tally), 0);
  const number = value => value.toLocaleString('en-US');
  const merged = field => Object.entries(tallies.reduce((all, tally) => { for (const [name, n] of Object.entries(tally[field])) { all[name] = (all[name] ?? 0) + n; } return all; }, {})).sort((a, b) => b[1] - a[1]);
  console.log(`# Random questions, counted again

\`benchmarks/oracle/run ${sum(tally => tally.questions)} ${seed} ${count}\` on ${new Date().toISOString().slice(0, 10)}: ${os.cpus().length} cores (${os.cpus()[0].model.trim()}), Node ${process.versions.node}.
A file of ${number(count)} clicks through 40 links is imported, half of it before the server starts and half beside the running one; labels,
values in two spellings, numbers that cannot be and nights with changed clocks are in it. Each answer of the API is counted again over the
raw lines, in JavaScript, with zones from Intl: totals, uniques, first and last click, mean redirect time, every row, share and rest of
every list, every bucket's label, every cell of cross-tabs, and the ranges that were compared.

| | |
|---|---|
| questions | ${number(sum(tally => tally.questions))} |
| of which had clicks | ${number(sum(tally => tally.withClicks))} |
| numbers and labels compared | ${number(sum(tally => tally.numbers))} |
| **questions with anything wrong** | **${number(sum(tally => tally.wrong))}** |
${merged('kinds').map(([name, n]) => `| ${name} | ${number(n)} |`).join('\n')}
${merged('forms').map(([name, n]) => `| range given as ${name} | ${number(n)} |`).join('\n')}
| time for all, four at once, with the counting here | ${(sum(tally => tally.milliseconds) / 1000).toFixed(0)} s |
`);
  process.exitCode = sum(tally => tally.wrong) === 0 ? 0 : 1;
}

switch (verb) {
  case 'write': write(+rest[0], +rest[1]); break;
  case 'ask': await ask(rest[0], rest[1], rest[2], +rest[3], +rest[4]); break;
  default: report(+rest[0], +rest[1]);
}
