/* Freeing of the model's types: each _clear leaves a zeroed struct that may be filled again. */
#include "model/model.h"

/* Clear every item of a list, then the list. */
#define CLEAR_LIST(list, field, clear_item)                                                        \
    do {                                                                                           \
        for (size_t i_ = 0; i_ < (list)->count; i_++)                                              \
            clear_item(&(list)->field[i_]);                                                        \
        free((list)->field);                                                                       \
        memset((list), 0, sizeof(*(list)));                                                        \
    } while (0)

void cr_user_clear(struct cr_user *u)
{
    free(u->email);
    free(u->name);
    free(u->password_hash);
    memset(u, 0, sizeof(*u));
}

void cr_room_clear(struct cr_room *r)
{
    free(r->name);
    free(r->language);
    memset(r, 0, sizeof(*r));
}

void cr_member_clear(struct cr_member *m)
{
    free(m->name);
    free(m->email);
    memset(m, 0, sizeof(*m));
}

void cr_member_list_clear(struct cr_member_list *l)
{
    CLEAR_LIST(l, items, cr_member_clear);
}

void cr_grant_clear(struct cr_grant *g)
{
    free(g->label);
    memset(g, 0, sizeof(*g));
}

void cr_grant_list_clear(struct cr_grant_list *l)
{
    CLEAR_LIST(l, items, cr_grant_clear);
}

void cr_tree_clear(struct cr_tree *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->files[i].name);
    free(t->files);
    memset(t, 0, sizeof(*t));
}

void cr_chat_clear(struct cr_chat *c)
{
    free(c->name);
    free(c->text);
    memset(c, 0, sizeof(*c));
}

void cr_chat_list_clear(struct cr_chat_list *l)
{
    CLEAR_LIST(l, items, cr_chat_clear);
}

void cr_run_result_clear(struct cr_run_result *r)
{
    free(r->message);
    memset(r, 0, sizeof(*r));
}

static void clear_args(char **args)
{
    for (size_t i = 0; args && args[i]; i++)
        free(args[i]);
    free(args);
}

void cr_run_clear(struct cr_run *r)
{
    free(r->user_name);
    free(r->request_id);
    free(r->language);
    free(r->entry);
    clear_args(r->args);
    free(r->stdin_data);
    for (size_t i = 0; i < r->file_count; i++) {
        free(r->files[i].path);
        free(r->files[i].data);
    }
    free(r->files);
    cr_run_result_clear(&r->result);
    memset(r, 0, sizeof(*r));
}

void cr_run_list_clear(struct cr_run_list *l)
{
    CLEAR_LIST(l, items, cr_run_clear);
}

void cr_output_clear(struct cr_output *o)
{
    for (size_t i = 0; i < o->count; i++)
        free(o->pieces[i].data);
    free(o->pieces);
    memset(o, 0, sizeof(*o));
}
