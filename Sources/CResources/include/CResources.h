// The files that the program carries, as constant bytes. They stand in the Resources folders of the modules that use them; the
// compiler copies them in as they are (#embed), where a list of numbers in Swift takes it half a minute for a hundred kilobytes.
#pragma once
#include <stddef.h>

typedef struct cr_bytes {
    const unsigned char *start;
    size_t count;
} cr_bytes;

cr_bytes cr_architectures(void);
cr_bytes cr_catalogue(void);
cr_bytes cr_clip_merges(void);
cr_bytes cr_html_entities(void);
cr_bytes cr_imagenet_classes(void);
cr_bytes cr_lite_notice(void);
cr_bytes cr_openapi(void);
cr_bytes cr_presence_references(void);
cr_bytes cr_prompt_templates(void);
cr_bytes cr_reference_vectors(void);

/// A file of the server's page.
typedef struct cr_page_file {
    const char *path;  // as a browser asks for it: "/app.js"
    cr_bytes bytes;
} cr_page_file;

/// How many files the page has.
size_t cr_page_file_count(void);
/// File `index` < count of the page.
cr_page_file cr_page_file_at(size_t index);
