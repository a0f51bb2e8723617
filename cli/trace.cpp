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

/// The activations that --names and --all ask for.
class Wanted {
   public:
    explicit Wanted(const Options& options) : all_(options.all) {
        for (const std::string& pattern : options.names) fitted_[pattern] = false;
    }
    bool operator()(std::string_view name) {
        bool wanted = all_;
        for (auto& [pattern, fitted] : fitted_) {
            if (!name_fits(name, pattern)) continue;
            wanted = fitted = true;
        }
        return wanted;
    }
    /// @throws ArgumentError naming a pattern that no activation of the run fitted
    void check_all_fitted() const {
        for (const auto& [pattern, fitted] : fitted_) {
            if (!fitted) {
                throw ArgumentError("--names", "names of activations, as blocks.0.attn.q",
                                    "\"" + pattern + "\"", "--all writes all there are");
            }
        }
    }

   private:
    bool all_;
    std::map<std::string, bool> fitted_;
};

struct Inputs {
    Index B = -1, T = -1;
    std::vector<PaddedRow> rows;
};

Inputs read_inputs(const std::string& path) {
    const TensorFile file = TensorFile::open(path);
    Inputs inputs;
    const auto ids = read_matrix(file, "input_ids", inputs.B, inputs.T);
    const auto mask = file.contains("attention_mask")
                          ? read_matrix(file, "attention_mask", inputs.B, inputs.T)
                          : std::vector<std::int64_t>();
    if (ids.empty()) {
        throw ArgumentError(path + ", \"input_ids\"", "at least one token", "none");
    }
    inputs.rows = unpad(ids, mask, inputs.B, inputs.T);
    return inputs;
}

/// Everything that is written, by its name in the file.
std::map<std::string, BatchTensor> run_rows(const LanguageModel& model, const Inputs& inputs,
                                            const Parts& parts, Wanted& wanted) {
    const Index layers = model.info().layers;
    std::map<std::string, BatchTensor> results;
    const auto run = [&](const std::vector<int>& ids) {
        Record record([&](std::string_view name) {
            return wanted(name) || !convention(std::string(name), layers).empty();
        });
        const Sequence sequence{ids, nullptr, &record};
        model.forward({&sequence, 1}, Logits::all, parts);
        return record.take_cache();
    };
    const auto add = [&](const ActivationCache& cache, const auto& put) {
        for (const auto& entry : cache) {
            const std::string& name = entry.first;
            const Activation& activation = entry.second;
            const auto tensor = [&](const std::string& as) -> BatchTensor& {
                return results.try_emplace(as, activation, inputs.B, inputs.T).first->second;
            };
            const std::string known = convention(name, layers);
            if (!known.empty()) put(tensor(known), activation);
            if (known != name && wanted(name)) put(tensor(name), activation);
        }
    };
    for (std::size_t b = 0; b < inputs.rows.size(); ++b) {
        const PaddedRow& row = inputs.rows[b];
        if (row.ids.empty()) continue;  // hidden throughout: stays zeros
        add(run(row.ids), [&](BatchTensor& tensor, const Activation& activation) {
            tensor.put(static_cast<Index>(b), activation, row);
        });
    }
    if (results.empty()) {  // no row is visible: names and sizes are those of any token
        add(run({0}), [](BatchTensor&, const Activation&) {});
    }
    return results;
}

void trace(const Options& options) {
    if (is_mine(options.parts) && !in_learner_process()) {
        const int status = run_in_learner_process(options.parts);
        if (status != 0) throw CLI::RuntimeError(status);
        return;
    }
    const Parts& parts = parts_named(options.parts);
    const auto model = load_language_model(model_folder(options.model));
    const Inputs inputs = read_inputs(options.inputs);
    Wanted wanted(options);
    const auto results = run_rows(*model, inputs, parts, wanted);
    wanted.check_all_fitted();
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
    add_parts_option(*command, options->parts);
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
