internal import CKernels

// A table holds constant function pointers and a constant string; it is made by the compiler and never written.
extension ck_kernels: @retroactive @unchecked Sendable {}
