#include "models/padded.h"

#include <algorithm>

#include "tensor/error.h"

namespace vitrine {

std::vector<PaddedRow> unpad(std::span<const std::int64_t> ids, std::span<const std::int64_t> mask,
                             Index B, Index T) {
    const auto count = static_cast<std::size_t>(B * T);
    if (ids.size() != count || (!mask.empty() && mask.size() != count)) {
        throw ArgumentError("attention_mask", "the shape of input_ids", "another");
    }
    std::vector<PaddedRow> rows(static_cast<std::size_t>(B));
    for (std::size_t i = 0; i < count; ++i) {
        if (!mask.empty() && mask[i] == 0) continue;
        if (ids[i] < 0 || ids[i] > INT32_MAX) {
            throw ArgumentError("input_ids", "token ids", std::to_string(ids[i]));
        }
        PaddedRow& row = rows[i / static_cast<std::size_t>(T)];
        row.ids.push_back(static_cast<int>(ids[i]));
        row.columns.push_back(static_cast<Index>(i % static_cast<std::size_t>(T)));
    }
    return rows;
}

Tensor2 scatter_rows(Ref2 values, const PaddedRow& row, Index T) {
    const Index width = values.shape[1];
    Tensor2 result = zeros<2>({T, width});
    for (std::size_t i = 0; i < row.columns.size(); ++i) {
        for (Index c = 0; c < width; ++c) {
            result(row.columns[i], c) = values(static_cast<Index>(i), c);
        }
    }
    return result;
}

std::vector<Tensor2> forward_padded(const LanguageModel& model, std::span<const PaddedRow> rows,
                                    Index T, const Parts& parts) {
    std::vector<Sequence> batch;
    for (const PaddedRow& row : rows) {
        if (!row.ids.empty()) batch.push_back({row.ids, nullptr, nullptr});
    }
    const std::vector<Tensor2> logits = model.forward(batch, Logits::all, parts);
    std::vector<Tensor2> result;
    std::size_t next = 0;
    for (const PaddedRow& row : rows) {
        result.push_back(row.ids.empty() ? zeros<2>({T, model.info().vocabulary})
                                         : scatter_rows(logits[next++], row, T));
    }
    return result;
}

}  // namespace vitrine
