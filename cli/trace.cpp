// vitrine trace: runs a model on stored inputs and writes what happened inside.
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/mine.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "io/safetensors.h"
#include "models/padded.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::cli {

namespace {

struct Options {
    std::string model, inputs, out, parts = "fast";
    std::vector<std::string> names;
    bool all = false;
};

/// A named activation of the whole batch: [B, ...], zeros where a position is hidden.
class BatchTensor {
   public:
    /// Dimensions whose letter is T or S run over positions and become T of the padded batch.
    BatchTensor(const Activation& like, Index B, Index T) : axes_(like.axes) {
        shape_.push_back(B);
        for (std::size_t i = 0; i < like.shape.size(); ++i) {
            shape_.push_back(is_positions(i) ? T : like.shape[i]);
        }
        Index size = 1;
        for (const Index extent : shape_) size *= extent;
        values_.resize(static_cast<std::size_t>(size));
    }

    void put(Index b, const Activation& part, const PaddedRow& row) {
        const std::size_t rank = part.shape.size();
        std::vector<Index> at(rank, 0);
        for (const Real value : part.values) {
            Index offset = b;
            for (std::size_t i = 0; i < rank; ++i) {
                const Index index =
                    is_positions(i) ? row.columns[static_cast<std::size_t>(at[i])] : at[i];
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
    bool is_positions(std::size_t i) const { return axes_[i] == 'T' || axes_[i] == 'S'; }
    std::string axes_;
    std::vector<Index> shape_;
    std::vector<float> values_;
};

/// The name Hugging Face gives an activation, if it has one: hidden_states.i, attentions.i, logits.
std::string convention(const std::string& name, Index layers) {
    if (name == "logits") return "logits";
    if (name == "ln_final") return "hidden_states." + std::to_string(layers);
    if (name.rfind("blocks.", 0) != 0) return {};
    const std::size_t dot = name.find('.', 7);
    const std::string layer = name.substr(7, dot - 7);
    const std::string part = name.substr(dot + 1);
    if (part == "resid_pre") return "hidden_states." + layer;
    if (part == "attn.pattern") return "attentions." + layer;
    return {};
}

std::vector<std::int64_t> read_matrix(const TensorFile& file, const char* name, Index& B,
                                      Index& T) {
    const StoredTensor& stored = file.at(name);
    if (stored.shape.size() != 2) {
        throw ShapeError(file.path().string() + ", \"" + name + "\"", "[B, T]",
                         shape_text(stored.shape));
    }
    if (B >= 0 && (stored.shape[0] != B || stored.shape[1] != T)) {
        throw ShapeError(file.path().string() + ", \"" + name + "\"",
                         shape_text(std::vector<Index>{B, T}) + ", as input_ids",
                         shape_text(stored.shape));
    }
    B = stored.shape[0];
    T = stored.shape[1];
    return stored.integers();
}

bool is_named(const Options& options, const std::string& name) {
    if (options.all) return true;
    for (const std::string& pattern : options.names) {
        if (name_fits(name, pattern)) return true;
    }
    return false;
}

void trace(const Options& options) {
    if (options.parts == "mine" && !in_learner_process()) {
        const int status = run_in_learner_process();
        if (status != 0) throw CLI::RuntimeError(status);
        return;
    }
    const Parts& parts = parts_named(options.parts);
    const auto model = load_language_model(model_folder(options.model));
    const TensorFile inputs = TensorFile::open(options.inputs);
    Index B = -1, T = -1;
    const auto ids = read_matrix(inputs, "input_ids", B, T);
    const auto mask = inputs.contains("attention_mask")
                          ? read_matrix(inputs, "attention_mask", B, T)
                          : std::vector<std::int64_t>();
    const std::vector<PaddedRow> rows = unpad(ids, mask, B, T);
    const Index layers = model->info().layers;

    std::map<std::string, BatchTensor> results;
    for (Index b = 0; b < B; ++b) {
        const PaddedRow& row = rows[static_cast<std::size_t>(b)];
        if (row.ids.empty()) continue;  // hidden throughout: zeros
        Record record([&](std::string_view name) {
            return !convention(std::string(name), layers).empty() ||
                   is_named(options, std::string(name));
        });
        const Sequence sequence{row.ids, nullptr, &record};
        model->forward({&sequence, 1}, Logits::all, parts);
        for (const auto& [name, activation] : record.cache()) {
            const auto put = [&](const std::string& as) {
                results.try_emplace(as, activation, B, T).first->second.put(b, activation, row);
            };
            const std::string known = convention(name, layers);
            if (!known.empty()) put(known);
            if (known != name && is_named(options, name)) put(name);
        }
    }
    if (results.empty()) {
        throw ArgumentError("input_ids", "at least one visible position", "none");
    }
    std::map<std::string, TensorToWrite> tensors;
    for (const auto& [name, tensor] : results) tensors[name] = tensor.to_write();
    write_safetensors(options.out, tensors);
    std::cout << tensors.size() << " tensors written to " << options.out << '\n';
}

}  // namespace

void add_trace(CLI::App& app) {
    auto* command = app.add_subcommand("trace", "Run a model and write its activations");
    auto options = std::make_shared<Options>();
    command->add_option("--model", options->model, "folder of a model (default: the bundled one)");
    command
        ->add_option("--inputs", options->inputs,
                     "safetensors with input_ids [B, T], attention_mask if there is padding")
        ->required();
    command->add_option("--out", options->out, "safetensors to write")->required();
    command->add_option("--parts", options->parts, "fast, chapters or mine")
        ->check(CLI::IsMember({"fast", "chapters", "mine"}));
    command
        ->add_option("--names", options->names,
                     "activations to write as well, * for any characters")
        ->delimiter(',');
    command->add_flag("--all", options->all, "write every activation");
    example(*command,
            "vitrine trace --inputs in.safetensors --out out.safetensors --names blocks.0.attn.q");
    command->callback([=] { trace(*options); });
}

}  // namespace vitrine::cli
