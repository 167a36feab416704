/* Prints the sample settings file: what every daemon does with --print-sample. */
#include "config/config.h"

int main(void)
{
    cr_config_print_sample(stdout);
    return 0;
}
