#pragma once
#include "CResources.h"

// #embed is C23's; clang has it from 19 on, which Swift 6.2 comes with.
#pragma clang diagnostic ignored "-Wc23-extensions"

/// The bytes of an array.
#define BYTES(array) {.start = (array), .count = sizeof(array)}
