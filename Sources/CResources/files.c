#include "embed.h"

static const unsigned char architectures[] = {
#embed "../GlimpseModels/Resources/architectures.json"
};

cr_bytes cr_architectures(void) {
    return (cr_bytes)BYTES(architectures);
}

static const unsigned char catalogue[] = {
#embed "../GlimpseModels/Resources/catalogue.json"
};

cr_bytes cr_catalogue(void) {
    return (cr_bytes)BYTES(catalogue);
}

static const unsigned char clip_merges[] = {
#embed "../GlimpseText/Resources/clip-merges.bin"
};

cr_bytes cr_clip_merges(void) {
    return (cr_bytes)BYTES(clip_merges);
}

static const unsigned char html_entities[] = {
#embed "../GlimpseText/Resources/html-entities.tsv"
};

cr_bytes cr_html_entities(void) {
    return (cr_bytes)BYTES(html_entities);
}

static const unsigned char imagenet_classes[] = {
#embed "../GlimpseModels/Resources/imagenet1k.tsv"
};

cr_bytes cr_imagenet_classes(void) {
    return (cr_bytes)BYTES(imagenet_classes);
}

static const unsigned char lite_notice[] = {
#embed "../GlimpseModels/Resources/lite-notice.txt"
};

cr_bytes cr_lite_notice(void) {
    return (cr_bytes)BYTES(lite_notice);
}

static const unsigned char openapi[] = {
#embed "../GlimpseServer/Resources/openapi.json"
};

cr_bytes cr_openapi(void) {
    return (cr_bytes)BYTES(openapi);
}

static const unsigned char presence_references[] = {
#embed "../GlimpseTasks/Resources/presence-references.txt"
};

cr_bytes cr_presence_references(void) {
    return (cr_bytes)BYTES(presence_references);
}

static const unsigned char prompt_templates[] = {
#embed "../GlimpseTasks/Resources/prompt-templates.json"
};

cr_bytes cr_prompt_templates(void) {
    return (cr_bytes)BYTES(prompt_templates);
}

static const unsigned char reference_vectors[] = {
#embed "../GlimpseModels/Resources/references.json"
};

cr_bytes cr_reference_vectors(void) {
    return (cr_bytes)BYTES(reference_vectors);
}
