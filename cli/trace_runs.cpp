#include "cli/trace_runs.h"

#include "models/hugging_face_names.h"
#include "models/padded.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

/// A named activation of the whole batch: [B, ...], zeros where a position is hidden.
class BatchTensor {
   public:
    /// @param T  not 0: dimensions whose letter is T or S become T of the padded batch
    BatchTensor(const Activation& like, Index B, Index T) : axes_(like.axes), padded_(T != 0) {
        shape_.push_back(B);
        for (std::size_t i = 0; i < like.shape.size(); ++i) {
            shape_.push_back(is_padded(i) ? T : like.shape[i]);
        }
        Index size = 1;
        for (const Index extent : shape_) size *= extent;
        values_.resize(static_cast<std::size_t>(size));
    }

    /// @param columns  where each visible position stands in the padded batch
    void put(Index b, const Activation& part, const std::vector<Index>& columns) {
        const std::size_t rank = part.shape.size();
        std::vector<Index> at(rank, 0);
        for (const Real value : part.values) {
            Index offset = b;
            for (std::size_t i = 0; i < rank; ++i) {
                const Index index = is_padded(i) ? columns[static_cast<std::size_t>(at[i])] : at[i];
                offset = offset * shape_[i + 1] + index;
            }
            values_[static_cast<std::size_t>(offset)] = static_cast<float>(value);
            for (std::size_t i = rank; i-- > 0;) {
                if (++at[i] < part.shape[i]) break;
                at[i] = 0;
            }
        }
    }

    TensorToWrite to_write() const { return vitrine::to_write(values_, shape_); }

   private:
    bool is_padded(std::size_t i) const { return padded_ && (axes_[i] == 'T' || axes_[i] == 'S'); }
    std::string axes_;
    bool padded_;
    std::vector<Index> shape_;
    std::vector<float> values_;
};

/// Takes the activations of one row after the other.
class Gathered {
   public:
    Gathered(const Model& model, Wanted& wanted)
        : names_(hugging_face_names(model)), wanted_(wanted) {}

    Record record() {
        return Record([this](std::string_view name) {
            return wanted_(name) || names_.count(std::string(name)) != 0;
        });
    }
    /// Row b of B. @param T  of a padded batch, whose visible positions stand at `columns`; or 0
    void add(Index b, Index B, const Record& record, Index T = 0,
             const std::vector<Index>& columns = {}) {
        for (const auto& [name, activation] : record.cache()) {
            const auto known = names_.find(name);
            const std::string theirs = known == names_.end() ? "" : known->second;
            if (!theirs.empty()) put(theirs, b, B, activation, T, columns);
            if (theirs != name && wanted_(name)) put(name, b, B, activation, T, columns);
        }
    }
    /// Sizes and names of a run whose numbers are not shown.
    void add_zeros(Index B, const Record& record, Index T) { add(-1, B, record, T); }
    void add(const std::string& name, const Tensor2& values) {
        whole_[name] = to_write(
            std::span<const float>(values.data(), values.size()),
            {static_cast<Index>(values.shape()[0]), static_cast<Index>(values.shape()[1])});
    }
    bool empty() const { return batches_.empty(); }

    std::map<std::string, TensorToWrite> tensors() && {
        for (const auto& [name, tensor] : batches_) whole_[name] = tensor.to_write();
        return std::move(whole_);
    }

   private:
    void put(const std::string& as, Index b, Index B, const Activation& activation, Index T,
             const std::vector<Index>& columns) {
        BatchTensor& tensor = batches_.try_emplace(as, activation, B, T).first->second;
        if (b >= 0) tensor.put(b, activation, columns);
    }

    std::map<std::string, std::string> names_;
    Wanted& wanted_;
    std::map<std::string, BatchTensor> batches_;
    std::map<std::string, TensorToWrite> whole_;
};

/// The texts of a batch with their masks and types, as models that read whole rows take them.
struct Row {
    std::vector<int> ids, types, mask;
    Row(const TraceInputs& inputs, Index b)
        : ids(inputs.ids.row(b, "input_ids")),
          types(inputs.types.row(b, "token_type_ids")),
          mask(inputs.mask.row(b, "attention_mask")) {}
    TokenInput input(Record& record) const { return {ids, types, mask, &record}; }
};

void run(const LanguageModel& model, const TraceInputs& inputs, const Parts& parts,
         Gathered& gathered) {
    const Index B = inputs.ids.B, T = inputs.ids.T;
    const auto run_ids = [&](const std::vector<int>& ids) {
        Record record = gathered.record();
        const Sequence sequence{ids, nullptr, &record};
        model.forward({&sequence, 1}, Logits::all, parts);
        return record;
    };
    const auto rows = unpad(inputs.ids.values, inputs.mask.values, B, T);
    for (Index b = 0; b < B; ++b) {
        const PaddedRow& row = rows[static_cast<std::size_t>(b)];
        if (row.ids.empty()) continue;  // hidden throughout: stays zeros
        gathered.add(b, B, run_ids(row.ids), T, row.columns);
    }
    // No row is visible: names and sizes are those of any token.
    if (gathered.empty()) gathered.add_zeros(B, run_ids({0}), T);
}

void run(const Encoder& model, const TraceInputs& inputs, const Parts& parts, Gathered& gathered) {
    for (Index b = 0; b < inputs.ids.B; ++b) {
        const Row row(inputs, b);
        Record record = gathered.record();
        const TokenInput input = row.input(record);
        model.forward({&input, 1}, parts);
        gathered.add(b, inputs.ids.B, record);
    }
}

void run(const EncoderDecoder& model, const TraceInputs& inputs, const Parts& parts,
         Gathered& gathered) {
    for (Index b = 0; b < inputs.ids.B; ++b) {
        const Row row(inputs, b);
        std::vector<int> target = inputs.decoder_ids.row(b, "decoder_input_ids");
        if (target.empty()) target = {model.weights().start_id};
        Record record = gathered.record();
        const TokenInput input = row.input(record);
        const auto decoder =
            model.after(std::move(model.encode({&input, 1}, parts).front()), row.mask);
        const Sequence sequence{target, nullptr, &record};
        decoder->forward({&sequence, 1}, Logits::all, parts);
        gathered.add(b, inputs.ids.B, record);
    }
}

/// The rows of a batch of unit vectors, one behind the other.
void append(Tensor2& all, const Tensor2& row) {
    all = all.size() == 0 ? row : Tensor2(xt::concatenate(xt::xtuple(all, row), 0));
}

void run(const Clip& model, const TraceInputs& inputs, const Parts& parts, Gathered& gathered) {
    Tensor2 texts, pictures;
    for (Index b = 0; b < inputs.ids.B; ++b) {
        const Row row(inputs, b);
        Record record = gathered.record();
        const TokenInput input = row.input(record);
        append(texts, model.embed_texts({&input, 1}, parts));
        gathered.add(b, inputs.ids.B, record);
    }
    const auto count = static_cast<Index>(inputs.pictures.size());
    for (Index b = 0; b < count; ++b) {
        Record record = gathered.record();
        const PictureInput input{inputs.pictures[static_cast<std::size_t>(b)], &record};
        append(pictures, model.embed_pictures({&input, 1}, parts));
        gathered.add(b, count, record);
    }
    if (texts.size() != 0) gathered.add("text_embeds", texts);
    if (pictures.size() != 0) gathered.add("image_embeds", pictures);
    if (texts.size() == 0 || pictures.size() == 0) return;
    const Tensor2 logits = model.logits(pictures, texts);
    gathered.add("logits_per_image", logits);
    gathered.add("logits_per_text", Tensor2(xt::transpose(logits)));
}

}  // namespace

Wanted::Wanted(const std::vector<std::string>& patterns, bool all) : all_(all) {
    for (const std::string& pattern : patterns) fitted_[pattern] = false;
}

bool Wanted::operator()(std::string_view name) {
    bool wanted = all_;
    for (auto& [pattern, fitted] : fitted_) {
        if (!name_fits(name, pattern)) continue;
        wanted = fitted = true;
    }
    return wanted;
}

void Wanted::check_all_fitted() const {
    for (const auto& [pattern, fitted] : fitted_) {
        if (!fitted) {
            throw ArgumentError("--names", "names of activations, as blocks.0.attn.q",
                                "\"" + pattern + "\"", "--all writes all there are");
        }
    }
}

std::map<std::string, TensorToWrite> run_and_gather(const Model& model, const TraceInputs& inputs,
                                                    const Parts& parts, Wanted& wanted) {
    const bool has_texts = !inputs.ids.none();
    if (!has_texts && !std::holds_alternative<std::unique_ptr<Clip>>(model)) {
        throw ArgumentError("inputs", "input_ids", "pictures alone", info_of(model).family);
    }
    Gathered gathered(model, wanted);
    std::visit([&](const auto& kind) { run(*kind, inputs, parts, gathered); }, model);
    return std::move(gathered).tensors();
}

}  // namespace vitrine::cli
