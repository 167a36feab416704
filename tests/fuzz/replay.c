/* Runs a fuzz target once for each file on the command line, where libFuzzer is not built in. */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");

    if (!in || fseek(in, 0, SEEK_END) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    long end = ftell(in);
    rewind(in);
    /* Exactly as large as the input, so that a sanitizer sees every byte read beyond it. */
    uint8_t *data = cr_malloc((size_t)end);
    *size = fread(data, 1, (size_t)end, in);
    fclose(in);
    return data;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = 0;
        cr_auto_free uint8_t *data = read_file(argv[i], &size);
        LLVMFuzzerTestOneInput(data, size);
    }
    return EXIT_SUCCESS;
}
