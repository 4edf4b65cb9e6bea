#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the block classifier and writes src/extract/weights.c. Development only; needs lightgbm, numpy.

    tools/train/train.py --data DIR --eval DIR [--dehusk FILE] [--cache DIR] [--out FILE]

--data   folders SET/html/ID.html and SET/truth/ID.json below it (url, body)
--eval   the folder of score.py and text_dump.py (its words are the words that are counted)
--cache  keeps the dumps of the features between runs

What is trained is what runs: the features are those of `dehusk dump --stage=features`. A block's label
is the share of its words that a monotone longest common subsequence of the page's and the reference's
words matches (bit-parallel; Hyyro 2004). Folds are by site; the scores printed and written into
the table's head are out of fold; the table itself is trained on all pages. The same input gives
the same table.
"""
import argparse, collections, concurrent.futures, hashlib, json, os, re, subprocess, sys
import numpy as np
import lightgbm as lgb

SETS = {'wcxb-dev': 'WCXB 1.0, CC-BY-4.0', 'fundus-dev': 'pages of the tests of flairNLP/fundus'}
SCALE = 1024            # of a leaf's value; a sum of them is a logit in these units
FOLDS = 3
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PARAMS = dict(objective='binary', num_leaves=24, learning_rate=0.1, bagging_fraction=0.5, bagging_freq=1,
              feature_fraction=0.35, min_child_weight=20, lambda_l2=5, max_bin=63, min_data_in_leaf=20,
              deterministic=True, force_row_wise=True, seed=1, num_threads=2, verbose=-1)
ROUNDS = 150


class Page:
    """One page: its blocks' features, words and labels."""


def site_of(url):
    host = re.sub(r'^https?://', '', url or '').split('/')[0].split(':')[0].lower()
    parts = host.split('.')
    return '.'.join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2:])


def dump(args, path, url, text):
    """The features of a page, from the cache where they are there."""
    key = hashlib.sha1(('text ' if text else 'html ').encode() + path.encode()).hexdigest()
    kept = os.path.join(args.cache, key) if args.cache else None
    if kept and os.path.exists(kept):
        return open(kept, encoding='utf-8').read()
    command = [args.dehusk, 'dump', '--stage=features', '--no-rules', path]
    command += ['--url', url] if url and not text else []
    command += ['--from', 'text'] if text else []
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    if kept:
        with open(kept, 'wb') as f:
            f.write(out)
    return out.decode('utf-8')


def lcs_mark(page, reference):
    """Which of the page's words a longest common subsequence with the reference uses."""
    where = {}
    for j, word in enumerate(reference):
        where[word] = where.get(word, 0) | (1 << j)
    mask = (1 << len(reference)) - 1
    v, rows = mask, [mask]
    for word in page:
        m = where.get(word, 0)
        if m:
            u = v & m
            v = ((v + u) | (v - u)) & mask
        rows.append(v)
    marked, i, j = [False] * len(page), len(page), len(reference)
    while i > 0 and j > 0:
        if (rows[i] >> (j - 1)) & 1:
            j -= 1
        elif not (rows[i - 1] >> (j - 1)) & 1:
            i -= 1
        else:
            marked[i - 1] = True
            i, j = i - 1, j - 1
    return marked


def load_page(args, score, name, one, truth, text):
    path = (os.path.join(args.cache, 'dumps', name, 'text', one + '.txt') if text else
            os.path.join(args.data, name, 'html', one + '.html'))
    lines = dump(args, path, truth.get('url'), text).split('\n')
    rows = [line.split('\t') for line in lines[1:] if line]
    if not rows:
        return None
    page = Page()
    page.set, page.id, page.type, page.site = name + (':text' if text else ''), one, truth.get('type', 'article'), site_of(truth['url'])
    page.columns = lines[0].split('\t')[3:-1]
    page.gone = np.array([int(r[2]) for r in rows], bool)
    page.x = np.array([r[3:-1] for r in rows], np.int16)
    page.words = [score.words(json.loads(r[-1])) for r in rows]
    page.gold = score.words(truth['body'])
    flat = [w for words in page.words for w in words]
    marked = lcs_mark(flat[:60000], page.gold) + [False] * max(0, len(flat) - 60000)
    page.match, at = np.zeros(len(rows)), 0
    for i, words in enumerate(page.words):
        page.match[i] = sum(marked[at:at + len(words)]) / len(words) if words else 0
        at += len(words)
    n = np.array([len(w) for w in page.words], float)
    # News in 40 countries against many more English pages.
    share = 4 if name == 'fundus-dev' else 1
    weight = share * np.sqrt(n + 1) * (0.3 + 1.4 * abs(page.match - 0.5)) * ((n > 0) & ~page.gone)
    page.weight = weight / np.sqrt(max(30, len(page.gold)) * max(50, len(rows)))
    return page


def load(args, score, text=False):
    jobs = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name in SETS:
            if text:
                subprocess.run([sys.executable, os.path.join(args.eval, 'text_dump.py'), os.path.join(args.data, name),
                                os.path.join(args.cache, 'dumps', name)], check=True, stdout=subprocess.DEVNULL)
            for one, truth in score.load_truth(os.path.join(args.data, name)).items():
                if truth.get('body') and truth.get('url') and not (text and truth.get('type', 'article') != 'article'):
                    jobs.append(pool.submit(load_page, args, score, name, one, truth, text))
        return [p for p in (j.result() for j in jobs) if p is not None]


def train(pages):
    x = np.concatenate([p.x for p in pages]).astype(np.float32)
    y = np.concatenate([p.match >= 0.5 for p in pages]).astype(np.float32)
    w = np.concatenate([p.weight for p in pages])
    keep = w > 0
    return lgb.train(PARAMS, lgb.Dataset(x[keep], y[keep], weight=w[keep] / w[keep].mean()), ROUNDS)


def flatten(tree):
    """A tree in preorder: (column, skip, threshold) or (255, 0, leaf): not more than threshold goes to
    the next node, more to the one `skip` further on."""
    if 'leaf_value' in tree:
        return [(255, 0, max(-32767, min(32767, round(tree['leaf_value'] * SCALE))))]
    left, right = flatten(tree['left_child']), flatten(tree['right_child'])
    limit = int(np.floor(tree['threshold']))
    return [(tree['split_feature'], len(left) + 1, max(-32768, min(32767, limit)))] + left + right


def tables(model):
    return [flatten(t['tree_structure']) for t in model.dump_model()['tree_info']]


def logits(trees, x):
    """What the C program computes: integers only."""
    total = np.zeros(len(x), np.int64)
    for tree in trees:
        at = np.zeros(len(x), np.int64)
        column = np.array([n[0] for n in tree]); skip = np.array([n[1] for n in tree]); value = np.array([n[2] for n in tree])
        while True:
            inner = column[at] != 255
            if not inner.any():
                break
            rows = np.nonzero(inner)[0]
            low = x[rows, column[at[rows]]] <= value[at[rows]]
            at[rows] += np.where(low, 1, skip[at[rows]])
        total += value[at]
    return total


SIGMOID = [round(1000 / (1 + np.exp(-i / 32))) for i in range(-256, 257)]


def chance(logit):
    """Chance in a thousand, from a table of 513 steps between -8 and 8."""
    step = np.clip((logit * 32 + SCALE // 2) // SCALE, -256, 256)
    return np.array(SIGMOID)[step + 256]


def decode(p, n, beta=(1, 1)):
    """The blocks whose expected F1 is highest; its value in a thousand."""
    order = sorted(range(len(p)), key=lambda i: (-p[i], i))
    total = sum(int(a) * int(b) for a, b in zip(p, n))
    best, keep, got, size = (0, 1), 0, 0, 0
    for k, i in enumerate(order):
        got += int(p[i]) * int(n[i])
        size += int(n[i]) * 1000
        now = ((beta[0] + beta[1]) * got, beta[0] * size + beta[1] * total)
        if now[0] * best[1] > best[0] * now[1]:
            best, keep = now, k + 1
    chosen = np.zeros(len(p), bool)
    chosen[order[:keep]] = True
    return chosen, 1000 * best[0] // max(1, best[1]) if keep else 0


def output(page, p):
    """The words that come out: as extract.c does it."""
    c = {name: i for i, name in enumerate(page.columns)}
    n = np.where(page.gone, 0, np.maximum(1, page.x[:, c['words']]))
    p = np.where(page.gone, 0, p)
    chosen, sure = decode(p, n)
    if not len(p) or p.max() < 200:
        chosen[:] = False
    chosen &= page.x[:, c['is_title']] == 0
    if 'kind' in c and not page.set.endswith(':text'):
        chosen &= (page.x[:, c['kind']] != 6) & (page.x[:, c['hint_caption']] > 2)
    return [w for i in np.nonzero(chosen)[0] for w in page.words[i]], sure


def report(score, pages, results, lines):
    groups = collections.defaultdict(list)
    for page, (words, sure) in zip(pages, results):
        p, r, f = score.prf(collections.Counter(page.gold), collections.Counter(words))
        groups[page.set].append((f, p, r))
        if page.set.startswith('wcxb'):
            groups[page.set + ' ' + page.type].append((f, p, r))
    for name, rows in sorted(groups.items()):
        f, p, r = np.mean(rows, axis=0)
        bad = sum(row[0] < 0.5 for row in rows)
        lines.append(f'{name}: {len(rows)} pages, f1 {f:.4f}, precision {p:.4f}, recall {r:.4f}, {bad} below 0.5')


def cross(pages):
    """Out-of-fold logits."""
    sites = sorted({p.site for p in pages}, key=lambda s: hashlib.sha1(s.encode()).hexdigest())
    fold = {s: i % FOLDS for i, s in enumerate(sites)}
    found = [None] * len(pages)
    for k in range(FOLDS):
        trees = tables(train([p for p in pages if fold[p.site] != k]))
        for i, p in enumerate(pages):
            if fold[p.site] == k:
                found[i] = logits(trees, p.x)
    return found


def c_table(name, trees):
    nodes = [n for t in trees for n in t]
    roots, at = [], 0
    for t in trees:
        roots.append(at)
        at += len(t)
    cells = [f'{(v & 0xFFFF) << 16 | s << 8 | c:#x}' for c, s, v in nodes]
    lines, line = [], ''
    for cell in cells:
        if len(line) + len(cell) > 98:
            lines.append(line)
            line = ''
        line += cell + ','
    lines.append(line)
    return (f'static const uint32_t {name}_nodes[{len(nodes)}] = {{\n' + '\n'.join(lines) + '\n};\n'
            f'static const uint16_t {name}_roots[{len(roots)}] = {{' + ','.join(map(str, roots)) + '};\n')


def digest(args, name):
    """Of a set's truth: what the table was trained on."""
    h = hashlib.sha256()
    folder = os.path.join(args.data, name, 'truth')
    for one in sorted(os.listdir(folder)):
        with open(os.path.join(folder, one), 'rb') as f:
            h.update(f.read())
    return h.hexdigest()[:16]


def write(args, lines, models):
    out = ['/* SPDX-License-Identifier: Apache-2.0 */',
           '/* Generated by tools/train/train.py; do not edit. Tables of extract/model.h.', ' *', ' * Trained on:']
    out += [f' *   {name} ({licence}), sha256 of the truth {digest(args, name)}' for name, licence in SETS.items()]
    out += [' *', ' * Out of fold, folds by site:'] + [' *   ' + line for line in lines] + [' */', '#include "extract/model.h"', '']
    out += [c_table(name, trees) for name, trees in models.items()]
    out += [f'const dh_model dh_model_{name} = {{{name}_nodes, {name}_roots, {len(trees)}}};' for name, trees in models.items()]
    out += ['const uint16_t dh_model_chance[513] = {']
    out += [','.join(map(str, SIGMOID[i:i + 20])) + ',' for i in range(0, 513, 20)] + ['};', '']
    with open(args.out, 'w', encoding='utf-8') as f:
        f.write('\n'.join(out))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--data', default=os.environ.get('DEHUSK_DATA'), required='DEHUSK_DATA' not in os.environ)
    ap.add_argument('--eval', default=os.environ.get('DEHUSK_EVAL'), required='DEHUSK_EVAL' not in os.environ)
    ap.add_argument('--dehusk', default=os.path.join(ROOT, 'build/release/bin/dehusk'))
    ap.add_argument('--cache', required=True)
    ap.add_argument('--out', default=os.path.join(ROOT, 'src/extract/weights.c'))
    args = ap.parse_args()
    os.makedirs(args.cache, exist_ok=True)
    sys.path.insert(0, args.eval)
    import score
    pages, texts, lines = load(args, score), load(args, score, text=True), []
    print(f'{len(pages)} pages, {sum(len(p.x) for p in pages)} blocks', flush=True)
    for some in (pages, texts):
        report(score, some, [output(p, chance(z)) for p, z in zip(some, cross(some))], lines)
    print('\n'.join(lines), flush=True)
    write(args, lines, {'page': tables(train(pages)), 'text': tables(train(texts))})


if __name__ == '__main__':
    main()
