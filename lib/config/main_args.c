#include "config/config.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#define DEFAULT_FILE CR_SYSCONFDIR "/coderoom.conf"

static void print_usage(FILE *out, const char *program, const char *summary)
{
    fprintf(
        out,
        "%s: %s\n"
        "\n"
        "usage: %s [--config FILE]\n"
        "       --config FILE   settings (default: $CODEROOM_CONFIG, else\n"
        "                       %s if it is there)\n"
        "       --check-config  print the settings that would be used, secrets hidden, and end\n"
        "       --print-sample  print a settings file with every key explained, and end\n"
        "       --version       print the version, and end\n"
        "       --help          print this, and end\n",
        program, summary, program, DEFAULT_FILE);
}

static const char *default_file(void)
{
    const char *named = getenv("CODEROOM_CONFIG");

    if (named && *named)
        return named;
    return access(DEFAULT_FILE, F_OK) == 0 ? DEFAULT_FILE : NULL;
}

/* What was asked for: CR_CONFIG_RUN to load and go on, else the exit status. */
static int read_args(int argc, char **argv, const char *program, const char *summary,
                     const char **file, bool *check)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"check-config", no_argument, NULL, 'k'},
        {"print-sample", no_argument, NULL, 's'}, {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0}};
    int option;

    optind = 0; /* start over, also when this is not the first command line of the process */
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            *file = optarg;
            break;
        case 'k':
            *check = true;
            break;
        case 's':
            cr_config_print_sample(stdout);
            return EXIT_SUCCESS;
        case 'v':
            printf("%s %s\n", program, PACKAGE_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            print_usage(stdout, program, summary);
            return EXIT_SUCCESS;
        default:
            print_usage(stderr, program, summary);
            return EXIT_FAILURE;
        }
    }
    if (optind == argc)
        return CR_CONFIG_RUN;
    fprintf(stderr, "%s: unexpected argument \"%s\"; see --help\n", program, argv[optind]);
    return EXIT_FAILURE;
}

int cr_config_main_args(int argc, char **argv, const char *program, const char *summary,
                        struct cr_config *out)
{
    struct cr_error err = CR_ERROR_INIT;
    const char *file = NULL;
    bool check = false;
    int status = read_args(argc, argv, program, summary, &file, &check);

    if (status != CR_CONFIG_RUN)
        return status;
    if (cr_config_load(file ? file : default_file(), environ, out, &err) < 0) {
        fprintf(stderr, "%s: %s\n", program, err.message);
        return EXIT_FAILURE;
    }
    if (!check)
        return CR_CONFIG_RUN;
    cr_config_print(out, stdout);
    cr_config_clear(out);
    return EXIT_SUCCESS;
}
