#include "fcgi/handlers/handlers.h"

int cr_on_languages(struct cr_app *app, struct cr_request *req, struct cr_response *res,
                    struct cr_error *err)
{
    struct cr_json_out *w = &res->json;

    (void)req;
    (void)err;
    cr_json_open_object(w, NULL);
    cr_json_open_array(w, "languages");
    for (size_t i = 0; i < app->languages.count; i++) {
        const struct cr_lang *l = &app->languages.items[i];

        cr_json_open_object(w, NULL);
        cr_json_put_str(w, "id", l->id);
        cr_json_put_str(w, "name", l->name);
        cr_json_open_array(w, "extensions");
        for (const char *const *e = l->extensions; *e; e++)
            cr_json_put_str(w, NULL, *e);
        cr_json_close(w);
        cr_json_put_str(w, "default_entry", l->default_entry);
        cr_json_close(w);
    }
    cr_json_close(w);
    cr_json_close(w);
    return 0;
}
