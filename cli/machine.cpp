#include "cli/machine.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#if defined(VITRINE_HAVE_DNNL)
#include <dnnl.h>
#endif
#if defined(VITRINE_HAVE_CBLAS)
#include <cblas.h>
#endif

namespace vitrine::cli {

namespace {

#if defined(VITRINE_HAVE_DNNL)
void dnnl_multiply(bool transpose_b, Index M, Index N, Index K, const float* A, Index lda,
                   const float* B, Index ldb, float* C, Index ldc) {
    dnnl_sgemm('N', transpose_b ? 'T' : 'N', M, N, K, 1.0F, A, lda, B, ldb, 0.0F, C, ldc);
}
#endif
#if defined(VITRINE_HAVE_CBLAS)
void cblas_multiply(bool transpose_b, Index M, Index N, Index K, const float* A, Index lda,
                    const float* B, Index ldb, float* C, Index ldc) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
                static_cast<int>(M), static_cast<int>(N), static_cast<int>(K), 1.0F, A,
                static_cast<int>(lda), B, static_cast<int>(ldb), 0.0F, C, static_cast<int>(ldc));
}
#endif

}  // namespace

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<LibraryGemm> library_gemms() {
    return {
#if defined(VITRINE_HAVE_DNNL)
        {"oneDNN", dnnl_multiply},
#endif
#if defined(VITRINE_HAVE_CBLAS)
            {"OpenBLAS", cblas_multiply},
#endif
    };
}

SgemmPeak measure_sgemm() {
    constexpr Index n = 2048;
    const std::vector<float> a(n * n, 0.5F), b(n * n, 0.25F);
    std::vector<float> c(n * n);
    SgemmPeak peak;
    for (const LibraryGemm& library : library_gemms()) {
        for (int round = 0; round < 5; ++round) {
            const double seconds = seconds_of(
                [&] { library.multiply(false, n, n, n, a.data(), n, b.data(), n, c.data(), n); });
            const double gflops = 2.0 * n * n * n / seconds / 1e9;
            if (gflops > peak.gflops) peak = {library, gflops};
        }
    }
    return peak;
}

ReadBandwidth::ReadBandwidth() : buffer_(read_buffer_bytes / sizeof(float), 1.0F) {}

double ReadBandwidth::measure() const {
    const std::size_t count = buffer_.size();
    double total = 0.0;
    const double seconds = seconds_of([&] {
        const float* numbers = buffer_.data();
#pragma omp parallel for reduction(+ : total) schedule(static)
        for (std::size_t block = 0; block < count; block += 4096) {
            float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
            for (std::size_t i = block; i < block + 4096; ++i) sum += numbers[i];
            total += static_cast<double>(sum);
        }
    });
    return total == static_cast<double>(count) ? static_cast<double>(read_buffer_bytes) / seconds
                                               : 0.0;
}

}  // namespace vitrine::cli
