// The machine's own limits, measured: what a library's matrix product and a plain read reach.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::cli {

/// Wall-clock seconds of a call.
double seconds_of(const std::function<void()>& work);
/// The middle of several measurements.
double median(std::vector<double> values);

/// A library's single-precision matrix product, row-major.
struct LibraryGemm {
    std::string name;  // "oneDNN", "OpenBLAS"
    void (*multiply)(bool transpose_b, Index M, Index N, Index K, const float* A, Index lda,
                     const float* B, Index ldb, float* C, Index ldc);
};
/// The libraries this program was built with.
std::vector<LibraryGemm> library_gemms();

struct SgemmPeak {
    LibraryGemm library;  // the faster one
    double gflops = 0.0;  // 2 n^3 / seconds, n = 2048
};
SgemmPeak measure_sgemm();

/// Of the buffer that measures reading: several times the largest cache, so that memory is
/// measured.
inline constexpr std::size_t read_buffer_bytes = std::size_t{1} << 31U;

/// A buffer of that size, and the bytes a second of summing it with all threads.
class ReadBandwidth {
   public:
    ReadBandwidth();
    double measure() const;

   private:
    std::vector<float> buffer_;
};

}  // namespace vitrine::cli
