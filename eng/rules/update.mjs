// Puts newer versions of the lists by which clicks are understood into src/Spoo.Data/Clicks/Rules, and the
// crawlers' own User-Agents beside the tests that read them. Run by ./update, which fetches the packages.
import { readFileSync, writeFileSync, mkdirSync, copyFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { domainToASCII, pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [packages, repository] = process.argv.slice(2);
const rules = join(repository, 'src/Spoo.Data/Clicks/Rules');
const fixtures = join(repository, 'tests/Unit/Clicks/Fixtures');
const version = name => JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')).version;
const folder = name => { mkdirSync(join(rules, name), { recursive: true }); return join(rules, name); };

// Browser, system, device: as it is.
for (const file of ['regexes.yaml', 'LICENSE']) {
  copyFileSync(join(packages, 'uap-core', file), join(folder('uap-core'), file));
}

// Crawlers: the pattern, what it is for, and nothing that only a person would read.
const crawlers = JSON.parse(readFileSync(join(packages, 'crawler-user-agents/crawler-user-agents.json'), 'utf8'));
writeFileSync(join(folder('crawler-user-agents'), 'crawlers.json'),
  '[\n' + crawlers.map(({ pattern, tags }) => '  ' + JSON.stringify({ pattern, tags })).join(',\n') + '\n]\n');
copyFileSync(join(packages, 'crawler-user-agents/LICENSE'), join(rules, 'crawler-user-agents/LICENSE'));
const instances = crawlers.flatMap(({ pattern, instances }) => instances.map(instance => `${pattern}\t${instance.replaceAll(/[\t\r\n]/g, ' ')}`));
writeFileSync(join(fixtures, 'crawlers.tsv.gz'), gzipSync(instances.join('\n') + '\n', { level: 9 }));

// The public-suffix list: tldts carries it as a trie of labels, from which the rules are read back.
const trie = await import(pathToFileURL(join(packages, 'tldts/dist/es6/src/data/trie.js')));
const offsets = [];
trie.edgeLength.reduce((offset, length, edge) => { offsets[edge] = offset; return offset + length; }, 0);
function* rulesBelow(node, suffix, mark) {
  for (let edge = trie.edgeStart[node]; edge < trie.edgeStart[node + 1]; edge++) {
    const label = trie.labelText.slice(offsets[edge], offsets[edge] + trie.edgeLength[edge]);
    const name = suffix ? `${label}.${suffix}` : label;
    const child = trie.edgeChild[edge];
    if (trie.nodeFlags[child]) {
      yield { rule: mark + name, isPrivate: (trie.nodeFlags[child] & 1) === 0 };
    }
    yield* rulesBelow(child, name, mark);
  }
}
const suffixes = [...rulesBelow(trie.rulesRoot, '', ''), ...rulesBelow(trie.exceptionsRoot, '', '!')];
// International names in the form that browsers send, once.
const ascii = rule => rule.replace(/[^!*.].*/, domainToASCII);
const section = (name, isPrivate) => [
  `// ===BEGIN ${name} DOMAINS===`,
  ...new Set(suffixes.filter(each => each.isPrivate === isPrivate).map(each => ascii(each.rule)).sort()),
  `// ===END ${name} DOMAINS===`,
];
writeFileSync(join(folder('public-suffix-list'), 'public_suffix_list.dat'), [
  '// This Source Code Form is subject to the terms of the Mozilla Public',
  '// License, v. 2.0. If a copy of the MPL was not distributed with this',
  '// file, You can obtain one at https://mozilla.org/MPL/2.0/.',
  '',
  `// The rules of https://publicsuffix.org/list/, as npm package tldts ${version('tldts')} carries them: in ASCII, sorted, without comments.`,
  '', ...section('ICANN', false), '', ...section('PRIVATE', true), ''].join('\n'));

for (const name of ['uap-core', 'crawler-user-agents', 'tldts']) {
  console.log(`${name} ${version(name)}`);
}
console.log('Now set the RuleSet constants of UserAgents and Bots, and the versions in Rules/README.md.');
