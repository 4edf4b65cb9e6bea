#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the program's logits with those of the Python side, block by block. Exit status 1 when any differ.

    tools/train/agree.py --model FILE [--dehusk FILE] PAGE...

--model  as tools/train/train.py --model writes it
"""
import argparse, os, subprocess, sys
import numpy as np
from train import ROOT, logits


def read_model(path):
    """The columns' names, and the trees for pages and for texts as train.flatten() gives them."""
    with open(path, 'rb') as f:
        assert f.readline() == b'dehusk model 1\n'
        columns, models = f.readline().decode().split()[1:], []
        for _ in range(2):
            _, trees, nodes = f.readline().split()
            cells = np.frombuffer(f.read(4 * (int(trees) + int(nodes))), '<u4').astype(np.int64)
            roots, cells = list(cells[:int(trees)]) + [int(nodes)], cells[int(trees):]
            value = (cells >> 16) - (cells >> 31 << 16)
            rows = list(zip(cells & 255, cells >> 8 & 255, value))
            models.append([rows[a:b] for a, b in zip(roots, roots[1:])])
    return columns, *models


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--model', required=True)
    ap.add_argument('--dehusk', default=os.path.join(ROOT, 'build/release/bin/dehusk'))
    ap.add_argument('pages', nargs='+')
    args = ap.parse_args()
    columns, page_trees, text_trees = read_model(args.model)
    blocks = differ = 0
    for path in args.pages:
        text = path.endswith('.txt')
        out = subprocess.run([args.dehusk, 'dump', '--stage=features', '--no-rules', '--model', args.model, path,
                              *(['--from', 'text'] if text else [])], stdout=subprocess.PIPE).stdout.decode('utf-8')
        rows = [line.split('\t') for line in out.split('\n') if line]
        assert not rows or rows[0][4:-1] == columns, 'the model is for other features'
        if len(rows) < 2:
            continue
        theirs = np.array([int(r[3]) for r in rows[1:]])
        ours = logits(text_trees if text else page_trees, np.array([r[4:-1] for r in rows[1:]], np.int16))
        blocks += len(ours)
        differ += int((ours != theirs).sum())
    print(f'{len(args.pages)} pages, {blocks} blocks, {differ} differ')
    return 1 if differ or not blocks else 0


if __name__ == '__main__':
    sys.exit(main())
