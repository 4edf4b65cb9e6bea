/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/plan.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"

static int by_name(const void *a, const void *b) {
    const dh_plan_input *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : strcmp(x->path, y->path);
}

static void digest(dh_plan *plan, dh_arena *arena) {
    dh_buf all;
    dh_buf_init(&all, arena, 0);
    for (uint32_t i = 0; i < plan->len; i++) {
        dh_buf_puts(&all, plan->inputs[i].name);
        dh_buf_printf(&all, "\n%llu\n", (unsigned long long)plan->inputs[i].bytes);
    }
    dh_slice text = dh_buf_slice(&all);
    if (!dh_digest_sha256(&text, 1, plan->digest)) dh_arena_fail(arena, DH_ERR_MEMORY);
}

void dh_plan_make(dh_plan *plan, dh_plan_input *inputs, uint32_t len, dh_arena *arena) {
    dh_map paths;
    *plan = (dh_plan){.inputs = inputs};
    dh_map_init(&paths, arena, len);
    if (len > 1) qsort(inputs, len, sizeof *inputs, by_name);
    for (uint32_t i = 0; i < len; i++) {
        bool added;
        dh_map_put(&paths, dh_slice_cstr(inputs[i].path), &added);
        if (added) inputs[plan->len++] = inputs[i];
    }
    for (uint32_t i = 0; i < plan->len; i++) {
        plan->bytes += inputs[i].bytes;
        dh_plan_unit *unit = plan->units.len > 0 ? &plan->units.ptr[plan->units.len - 1] : NULL;
        bool joins = unit != NULL && !inputs[i].many && !inputs[unit->begin].many &&
                     i - unit->begin < DH_UNIT_PAGES;
        if (joins) unit->end = i + 1;
        else *DH_PUSH(arena, plan->units) = (dh_plan_unit){i, i + 1};
    }
    digest(plan, arena);
}

/* ---- which task ---- */

static bool number_of(const char *text, uint64_t *out) {
    return text != NULL && dh_slice_to_u64(dh_slice_cstr(text), out);
}

static bool slurm(dh_plan_task *task, char *(*get)(const char *name)) {
    uint64_t id, first = 0, step = 1;
    if (!number_of(get("SLURM_ARRAY_TASK_ID"), &id)) return false;
    if (!number_of(get("SLURM_ARRAY_TASK_MIN"), &first)) first = 0;
    if (!number_of(get("SLURM_ARRAY_TASK_STEP"), &step) || step == 0) step = 1;
    if (!number_of(get("SLURM_ARRAY_TASK_COUNT"), &task->of)) task->of = 0;
    task->number = id < first ? 0 : (id - first) / step + 1;
    task->said_by = "SLURM_ARRAY_TASK_ID";
    return true;
}

static bool kubernetes(dh_plan_task *task, char *(*get)(const char *name)) {
    uint64_t index;
    if (!number_of(get("JOB_COMPLETION_INDEX"), &index)) return false;
    if (!number_of(get("JOB_COMPLETIONS"), &task->of)) task->of = 0;
    task->number = index + 1;
    task->said_by = "JOB_COMPLETION_INDEX";
    return true;
}

dh_status dh_plan_task_read(dh_plan_task *task, const char *option, char *(*get)(const char *name),
                            dh_error *error) {
    *task = (dh_plan_task){.number = 1, .of = 1};
    dh_slice of = dh_slice_cstr(option), number = {NULL, 0};
    if (option != NULL) number = dh_slice_cut(&of, '/');
    bool from_there = option == NULL || number.len == 0;
    bool there = from_there && (slurm(task, get) || kubernetes(task, get));
    if (option == NULL && !there) return DH_OK;
    if (option != NULL && (!dh_slice_to_u64(of, &task->of) ||
                           (number.len > 0 && !dh_slice_to_u64(number, &task->number))))
        return dh_error_set(
            error, DH_ERR_USAGE, "corpus", 0,
            "--shard is as 3/64, or /64 with the number from the environment, not %.60s", option);
    if (option != NULL && number.len == 0 && !there)
        return dh_error_set(
            error, DH_ERR_USAGE, "corpus", 0,
            "--shard %.60s: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set", option);
    if (!there) task->said_by = "--shard";
    if (task->of == 0)
        return dh_error_set(error, DH_ERR_USAGE, "corpus", 0,
                            "%s is set: say of how many with --shard /N (--shard 1/1 does all)",
                            task->said_by);
    if (task->number >= 1 && task->number <= task->of) return DH_OK;
    return dh_error_set(error, DH_ERR_USAGE, "corpus", 0, "there is no shard %llu of %llu (by %s)",
                        (unsigned long long)task->number, (unsigned long long)task->of,
                        task->said_by);
}
