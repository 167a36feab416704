/* Numbers as JavaScript writes them: as few digits as say which number it is. */
#include "ydoc/json_out.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* v is 0.DIGITS times 10^point. */
struct decimal {
    char digits[32];
    int n, point;
};

/* The first n digits of v, rounded.  What stands between the first two depends on the locale. */
static void decimal_of(double v, int n, struct decimal *d)
{
    char text[64], *exponent;

    snprintf(text, sizeof(text), "%.*e", n - 1, v);
    exponent = strchr(text, 'e');
    d->point = atoi(exponent + 1) + 1;
    d->n = 0;
    for (const char *p = text; p < exponent; p++) {
        if (*p >= '0' && *p <= '9')
            d->digits[d->n++] = *p;
    }
    d->digits[d->n] = '\0';
}

static bool is_value(const struct decimal *d, double v)
{
    char text[64];

    snprintf(text, sizeof(text), "%se%d", d->digits, d->point - d->n);
    return strtod(text, NULL) == v;
}

/* Next to a power of two the nearest decimal may be another number's, and its neighbour ours. */
static bool is_neighbour(struct decimal *d, double v)
{
    char *last = &d->digits[d->n - 1];

    if (*last == '9')
        return false;
    (*last)++;
    return is_value(d, v);
}

/* 15 digits say all that fewer say (DBL_DIG), but for numbers near zero; 17 are always enough. */
static void shortest(double v, struct decimal *d)
{
    int n = v < DBL_MIN ? 1 : DBL_DIG;

    for (; n < 17; n++) {
        decimal_of(v, n, d);
        if (is_value(d, v) || (n == 16 && is_neighbour(d, v)))
            break;
    }
    if (n == 17)
        decimal_of(v, n, d);
    while (d->n > 1 && d->digits[d->n - 1] == '0')
        d->digits[--d->n] = '\0';
}

static void put_zeros(struct yd_buf *out, int n)
{
    while (n-- > 0)
        yd_buf_append(out, "0", 1);
}

static void put_exponent(struct yd_buf *out, const struct decimal *d)
{
    char text[16];
    int n = snprintf(text, sizeof(text), "e%+d", d->point - 1);

    yd_buf_append(out, d->digits, 1);
    if (d->n > 1) {
        yd_buf_append(out, ".", 1);
        yd_buf_append(out, d->digits + 1, (size_t)d->n - 1);
    }
    yd_buf_append(out, text, (size_t)n);
}

static void put_decimal(struct yd_buf *out, const struct decimal *d)
{
    size_t n = (size_t)d->n;

    if (d->point > 21 || d->point <= -6) {
        put_exponent(out, d);
    } else if (d->point <= 0) {
        yd_buf_append(out, "0.", 2);
        put_zeros(out, -d->point);
        yd_buf_append(out, d->digits, n);
    } else if (d->n <= d->point) {
        yd_buf_append(out, d->digits, n);
        put_zeros(out, d->point - d->n);
    } else {
        yd_buf_append(out, d->digits, (size_t)d->point);
        yd_buf_append(out, ".", 1);
        yd_buf_append(out, d->digits + d->point, n - (size_t)d->point);
    }
}

void yd_json_put_uint(struct yd_buf *out, uint64_t v)
{
    char text[20];
    size_t at = sizeof(text);

    do {
        text[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    yd_buf_append(out, text + at, sizeof(text) - at);
}

void yd_json_number(struct yd_buf *out, double v)
{
    struct decimal d;

    if (isnan(v) || isinf(v)) {
        yd_buf_append(out, "null", 4);
        return;
    }
    if (v < 0)
        yd_buf_append(out, "-", 1);
    v = fabs(v);
    if (v < 9007199254740992.0 && v == (double)(int64_t)v) {
        yd_json_put_uint(out, (uint64_t)v);
        return;
    }
    shortest(v, &d);
    put_decimal(out, &d);
}
