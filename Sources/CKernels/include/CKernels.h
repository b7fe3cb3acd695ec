// The hot loops of Glimpse. No state, no input or output, no allocation (but for the thread team). Every function works
// on row-major f32 unless it says otherwise; "ld" is the distance between two rows in elements. Shapes: B batch, S
// sequence, D width, H heads, C channels, Y rows, X columns. Pictures are channels-last [B, Y, X, C].
#pragma once
#include "matmul.h"
#include "integer_matmul.h"
#include "convolution.h"
#include "attention.h"
#include "rows.h"
#include "kernels.h"
#include "team.h"
#include "resample.h"
