#include "tests/unit/unit.h"

#include "monitor/metric.h"

#include <pthread.h>

static char *written(void)
{
    CR_AUTO_BUF b = {0};

    cr_metric_write(&b);
    return strdup(cr_buf_cstr(&b));
}

static void expect_text(const char *expected)
{
    char *text = written();

    if (!strstr(text, expected))
        fail_msg("lacks\n%s\nin\n%s", expected, text);
    free(text);
}

static void counters_and_gauges_are_written_with_help_and_type(void **state)
{
    (void)state;
    cr_metric_add(cr_metric_counter("t_total", "Things.", ""), 3);
    struct cr_metric *g = cr_metric_gauge("t_open", "Open.", "");
    cr_metric_set(g, 10);
    cr_metric_add(g, -4);
    expect_text("# HELP t_total Things.\n# TYPE t_total counter\nt_total 3\n");
    expect_text("# HELP t_open Open.\n# TYPE t_open gauge\nt_open 6\n");
}

static void the_same_name_and_labels_are_one_metric(void **state)
{
    struct cr_metric *a = cr_metric_counter("t_same_total", "S.", "x=\"1\"");

    (void)state;
    assert_ptr_equal(a, cr_metric_counter("t_same_total", "S.", "x=\"1\""));
    assert_ptr_not_equal(a, cr_metric_counter("t_same_total", "S.", "x=\"2\""));
}

static void lines_of_one_name_stand_together(void **state)
{
    (void)state;
    cr_metric_add(cr_metric_counter("t_a_total", "A.", "k=\"1\""), 1);
    cr_metric_add(cr_metric_counter("t_b_total", "B.", ""), 1);
    cr_metric_add(cr_metric_counter("t_a_total", "A.", "k=\"2\""), 2);
    expect_text("# TYPE t_a_total counter\nt_a_total{k=\"1\"} 1\nt_a_total{k=\"2\"} 2\n");
}

static void a_histogram_counts_up_its_buckets(void **state)
{
    struct cr_metric *h = cr_metric_histogram("t_seconds", "T.", "r=\"x\"");

    (void)state;
    cr_metric_observe_us(h, 500); /* on a bound: it belongs to that bucket */
    cr_metric_observe_us(h, 700);
    cr_metric_observe_us(h, 90000000); /* beyond the last */
    expect_text("t_seconds_bucket{r=\"x\",le=\"0.0005\"} 1\n"
                "t_seconds_bucket{r=\"x\",le=\"0.001\"} 2\n");
    expect_text("t_seconds_bucket{r=\"x\",le=\"60\"} 2\n"
                "t_seconds_bucket{r=\"x\",le=\"+Inf\"} 3\n"
                "t_seconds_sum{r=\"x\"} 90.001200\n"
                "t_seconds_count{r=\"x\"} 3\n");
    assert_int_equal(cr_metric_value(h), 3);
}

static void *add_many(void *arg)
{
    for (int i = 0; i < 100000; i++)
        cr_metric_add(arg, 1);
    return NULL;
}

static void no_increment_is_lost_between_threads(void **state)
{
    struct cr_metric *c = cr_metric_counter("t_threads_total", "T.", "");
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < CR_COUNT(threads); i++)
        pthread_create(&threads[i], NULL, add_many, c);
    for (size_t i = 0; i < CR_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(cr_metric_value(c), 400000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_and_gauges_are_written_with_help_and_type),
        cmocka_unit_test(the_same_name_and_labels_are_one_metric),
        cmocka_unit_test(lines_of_one_name_stand_together),
        cmocka_unit_test(a_histogram_counts_up_its_buckets),
        cmocka_unit_test(no_increment_is_lost_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
