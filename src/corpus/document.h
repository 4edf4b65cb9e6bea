/* SPDX-License-Identifier: Apache-2.0 */
/* document: what comes of one document of the input: a line of JSON in the schema of Dolma and datatrove (id,
 * text, source, added, created, metadata), and the few words by which it is counted. The worker's side makes it
 * into a flat record; the side that writes shards reads that. Nothing of it depends on a clock, on the order of
 * the work or on the machine: docs/corpus.md has the fields. */
#ifndef DH_CORPUS_DOCUMENT_H
#define DH_CORPUS_DOCUMENT_H

#include "corpus/filters.h"
#include "corpus/tally.h"
#include "dehusk/dehusk.h"

/* Strings are never NULL. */
typedef struct dh_document_options {
    const char *source;        /* name of the data set */
    const char *added;         /* of documents that do not say when they were saved; may be "" */
    const char *languages;     /* "ar,fa": others are rejected; NULL: none is */
    uint32_t complete;         /* a bit for each dh_complete: others are rejected */
    const dh_filters *filters; /* NULL: none */
    const dh_fasttext *model;  /* finds languages; NULL: CLD2 does */
    enum { DH_PII_LEAVE, DH_PII_FIND, DH_PII_REPLACE } pii; /* see pii.h */
    bool lines; /* the keys of its lines too: see page_lines.h */
} dh_document_options;

/* A document as it was read. Strings are never NULL. */
typedef struct dh_document_subject {
    const char *input;           /* name of the input, as it is to stand in the corpus */
    uint64_t number;             /* of the record or line in it; 0: it is one page */
    const char *member;          /* its name in a tar or zip; may be "" */
    const char *url, *date, *id; /* as it says itself; may be "" */
    dh_slice bytes;              /* of the page or text */
    bool torn;                   /* it is not all of it */
    dehusk_status status;        /* of cleaning it: OK; EMPTY: left out; else failed */
    const char *message;
    dehusk_page *page; /* cleaned, when status is OK */
} dh_document_subject;

/* What is known of it afterwards; borrowed from the record. */
typedef struct dh_document {
    dh_fate fate;
    dh_slice reason;                   /* why it is not kept: "no_text"; empty when it is */
    dh_slice id, language, host, rule; /* may be empty */
    uint64_t chars, words;             /* of the text */
    dh_slice line;                     /* with its LF */
    dh_slice lines; /* of page_lines.h, with its LF; empty without. Not by dh_document_parse */
    /* By dh_document_parse only: */
    dh_slice text, url; /* url may be empty */
    uint64_t stands_for; /* of duplicates that were rejected; itself among them */
    uint64_t removed;    /* lines that site memory took out of it */
} dh_document;

typedef struct dh_document_maker dh_document_maker; /* one thread */

/* options are borrowed; dh_lang_check has been asked. NULL when memory is out. */
dh_document_maker *dh_document_maker_new(const dh_document_options *options);
void dh_document_maker_free(dh_document_maker *maker);
/* Appends the record. */
void dh_document_make(dh_document_maker *maker, const dh_document_subject *subject, dh_buf *out);
/* False for a record that is none (memory was out when it was made). */
bool dh_document_read(dh_slice record, dh_document *document);
/* The same from a line; strings are borrowed from it or in arena, which needs no guard. False when it is no
 * document. */
bool dh_document_parse(dh_slice line, dh_arena *arena, dh_document *document);
/* And all of the line, in arena: its metadata are a member of the root. */
bool dh_document_parse_json(dh_slice line, dh_arena *arena, dh_document *document, dh_json *json);
/* Gives a document that was parsed another text: a line with it is made in out, which takes the old one's place. False
 * when memory is out. */
bool dh_document_recut(dh_document *document, dh_slice text, const dh_text_facts *facts,
                       dh_buf *out);

#endif
