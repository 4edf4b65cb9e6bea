#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the block classifier and writes src/extract/weights.c. Development only; needs lightgbm, numpy.

    tools/train/train.py --data DIR --eval DIR --cache DIR [--dehusk FILE] [--out FILE] [--model FILE]
                         [--folds DIR] [--ablate]

--data   folders SET/html/ID.html and SET/truth/ID.json below it (url, body)
--eval   the folder of score.py and text_dump.py (its words are the words that are counted)
--cache  keeps the dumps of the features between runs; empty it when features.def has changed
--model  also as a file that `dehusk --model` reads, for use without another build
--folds  leaves the models of the folds there, for `bench/accuracy --folds`
--ablate only says what each group of features (the headings of features.def) is worth: the scores out of
         fold without it, with half of the trees; no table is written

What is trained is what runs: the features are those of `dehusk dump --stage=features`. A block's label
is the share of its words that a monotone longest common subsequence of the page's and the reference's
words matches (bit-parallel; Hyyro 2004). Folds are by site; the scores printed and written into
the table's head are out of fold; the table itself is trained on all pages. The same input gives
the same table.
"""
import argparse, collections, concurrent.futures, hashlib, json, multiprocessing, os, re, subprocess, sys
import numpy as np
import lightgbm as lgb

SETS = {'wcxb-dev': 'WCXB 1.0, CC-BY-4.0', 'fundus-dev': 'pages of the tests of flairNLP/fundus'}
SCALE = 1024            # of a leaf's value; a sum of them is a logit in these units
FOLDS = 5
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PARAMS = dict(objective='binary', num_leaves=24, bagging_fraction=0.5, bagging_freq=1,
              feature_fraction=0.35, min_child_weight=20, lambda_l2=5, max_bin=63, min_data_in_leaf=20,
              deterministic=True, force_row_wise=True, seed=1, num_threads=1, verbose=-1)
ROUNDS = {'page': 300, 'text': 200}      # trees; at a learning rate of 18 by their number
LOOK_TREES, HOPELESS = 100, -4 * SCALE   # as in model.c


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
    page.set, page.id, page.type, page.site = name + (':text' if text else ''), one, truth.get('type', 'article'), site_of(truth.get('url') or one)
    page.columns = lines[0].split('\t')[4:-1]
    page.gone = np.array([int(r[2]) for r in rows], bool)
    page.logit = np.array([int(r[3]) for r in rows])
    page.x = np.array([r[4:-1] for r in rows], np.int16)
    page.words = [score.words(json.loads(r[-1])) for r in rows]
    page.gold = score.words(truth.get('body') or '')
    flat = [w for words in page.words for w in words]
    marked = (lcs_mark(flat[:60000], page.gold) if page.gold else [False] * len(flat[:60000])) + [False] * max(0, len(flat) - 60000)
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
                # Pages without a text are trained on as well: that there may be none is to be learnt.
                article = truth.get('body') and truth.get('url') and truth.get('type', 'article') == 'article'
                if article or not text:
                    jobs.append(pool.submit(load_page, args, score, name, one, truth, text))
        return [p for p in (j.result() for j in jobs) if p is not None]


def train(pages, rounds, without=()):
    """without: columns that are not to be used."""
    x = np.concatenate([p.x for p in pages]).astype(np.float32)
    x[:, list(without)] = 0
    y = np.concatenate([p.match >= 0.5 for p in pages]).astype(np.float32)
    w = np.concatenate([p.weight for p in pages])
    keep = w > 0
    params = dict(PARAMS, learning_rate=18 / rounds)
    return lgb.train(params, lgb.Dataset(x[keep], y[keep], weight=w[keep] / w[keep].mean()), rounds)


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
    for t, tree in enumerate(trees):
        if t == LOOK_TREES:
            hope = total >= HOPELESS
            x, whole, total = x[hope], total, total[hope]
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
    if len(trees) > LOOK_TREES:
        whole[hope] = total
        return whole
    return total


SIGMOID = [round(1000 / (1 + np.exp(-i / 32))) for i in range(-256, 257)]


def chance(logit):
    """Chance in a thousand, from a table of 513 steps between -8 and 8."""
    step = np.clip((logit * 32 + SCALE // 2) // SCALE, -256, 256)
    return np.array(SIGMOID)[step + 256]


def decode(p, n, beta=(1, 1)):
    """The blocks whose expected F1 is highest; its value in a thousand."""
    order = sorted(range(len(p)), key=lambda i: (-p[i], i))
    whole = sum(int(a) * int(b) for a, b in zip(p, n))
    best, keep, got, size = (0, 1), 0, 0, 0
    for k, i in enumerate(order):
        got += int(p[i]) * int(n[i])
        size += int(n[i]) * 1000
        now = ((beta[0] + beta[1]) * got, beta[0] * size + beta[1] * whole)
        if now[0] * best[1] > best[0] * now[1]:
            best, keep = now, k + 1
    chosen = np.zeros(len(p), bool)
    chosen[order[:keep]] = True
    got = sum(int(p[i]) * int(n[i]) for i in order[:keep])
    size = sum(1000 * int(n[i]) for i in order[:keep])
    return chosen, 2000 * got // (size + whole) if keep else 0


def output(page, p):
    """The words that come out: nearly as the program does it (bench/accuracy --folds asks the program)."""
    c = {name: i for i, name in enumerate(page.columns)}
    n = np.where(page.gone, 0, np.maximum(1, page.x[:, c['words']]))
    p = np.where(page.gone, 0, p)
    article = len(p) and page.x[0, c['page_type']] == 1
    chosen, sure = decode(p, n, (3, 2) if article else (1, 1))
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


def fold_of(site):
    """The same for a site's pages and its scraped texts, whatever other sites there are."""
    return int(hashlib.sha1(site.encode()).hexdigest(), 16) % FOLDS


LOADED = {}     # pages by model; a forked process finds them there


def train_job(job):
    """Trees of a model trained without fold k, or on everything (k is None)."""
    name, k = job
    return tables(train([p for p in LOADED[name] if k is None or fold_of(p.site) != k],
                        ROUNDS[name]))


def train_all():
    """{(model, fold or None): trees}. One thread each: the sums of several come in any order."""
    jobs = [(name, k) for name in LOADED for k in [*range(FOLDS), None]]
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context('fork')) as pool:
        return dict(zip(jobs, pool.map(train_job, jobs)))


def groups(columns):
    """The headings of features.def and the columns below each."""
    found = {}
    with open(os.path.join(ROOT, 'src/extract/features.def'), encoding='utf-8') as f:
        for line in f.read().split('*/', 2)[2].split('\n'):
            heading, row = re.fullmatch(r'/\* (.*) \*/', line), re.match(r'DH_FEATURE\((\w+),', line)
            if heading:
                name = heading[1]
                found[name] = []
            elif row:
                found[name].append(columns.index(row[1]))
    return found


def ablate_job(without):
    """Scores out of fold of models that do not see these columns."""
    pages, lines = LOADED['page'], []
    models = [tables(train([p for p in pages if fold_of(p.site) != k], ROUNDS['page'] // 2, without))
              for k in range(FOLDS)]
    report(LOADED['score'], pages, [output(p, chance(logits(models[fold_of(p.site)], p.x))) for p in pages], lines)
    return [line for line in lines if re.match(r'fundus-dev:|wcxb-dev:|wcxb-dev article:', line)]


def ablate(pages):
    jobs = {'nothing': [], **groups(pages[0].columns)}
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context('fork')) as pool:
        for name, lines in zip(jobs, pool.map(ablate_job, jobs.values())):
            print(f'without {name} ({len(jobs[name])})', *lines, sep='\n    ', flush=True)


def packed(trees):
    """Roots and nodes as the program has them."""
    roots, at = [], 0
    for t in trees:
        roots.append(at)
        at += len(t)
    return roots, [(v & 0xFFFF) << 16 | s << 8 | c for t in trees for c, s, v in t]


def write_model(path, columns, models):
    """The file that `dehusk --model` reads."""
    with open(path, 'wb') as f:
        f.write('\t'.join(['dehusk model 1\ncolumns'] + columns).encode() + b'\n')
        for name in ('page', 'text'):
            roots, nodes = packed(models[name])
            f.write(f'{name} {len(roots)} {len(nodes)}\n'.encode())
            f.write(np.array(roots + nodes, '<u4').tobytes())


def c_table(name, trees):
    roots, nodes = packed(trees)
    cells = [f'L({(n >> 16) - (n >> 31 << 16)})' if n & 0xFF == 255 else f'{n:#x}' for n in nodes]
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
    out += [' *', ' * Out of fold, folds by site:'] + [' *   ' + line for line in lines] + [' */', '#include "extract/model.h"', '',
            '#define L(value) ((uint32_t)(uint16_t)(value) << 16 | 255u) /* a leaf */', '']
    out += [c_table(name, trees) for name, trees in models.items()]
    out += ['const dh_models dh_models_built_in = {']
    out += [f'    .{name} = {{{name}_nodes, {name}_roots, {len(trees)}}},' for name, trees in models.items()]
    out += ['};']
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
    ap.add_argument('--model')
    ap.add_argument('--folds')
    ap.add_argument('--ablate', action='store_true')
    ap.add_argument('--out', default=os.path.join(ROOT, 'src/extract/weights.c'))
    args = ap.parse_args()
    os.makedirs(args.cache, exist_ok=True)
    sys.path.insert(0, args.eval)
    import score
    lines = []
    if args.ablate:
        LOADED.update(page=load(args, score), score=score)
        return ablate(LOADED['page'])
    LOADED.update(page=load(args, score), text=load(args, score, text=True))
    pages = LOADED['page']
    print(f'{len(pages)} pages, {sum(len(p.x) for p in pages)} blocks', flush=True)
    trained = train_all()
    for name, some in LOADED.items():
        report(score, some, [output(p, chance(logits(trained[name, fold_of(p.site)], p.x))) for p in some], lines)
    print('\n'.join(lines), flush=True)
    models = {name: trained[name, None] for name in LOADED}
    write(args, lines, models)
    if args.model:
        write_model(args.model, pages[0].columns, models)
    if args.folds:
        os.makedirs(args.folds, exist_ok=True)
        for k in range(FOLDS):
            write_model(os.path.join(args.folds, f'{k}.model'), pages[0].columns, {n: trained[n, k] for n in LOADED})
        with open(os.path.join(args.folds, 'folds.tsv'), 'w', encoding='utf-8') as f:
            for p in [p for some in LOADED.values() for p in some]:
                print(p.set, p.id, fold_of(p.site), sep='\t', file=f)


if __name__ == '__main__':
    main()
