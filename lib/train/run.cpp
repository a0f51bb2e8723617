#include "train/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "generate/generate.h"
#include "io/atomic_file.h"
#include "io/json.h"
#include "io/lock_file.h"
#include "models/language_model.h"
#include "tensor/error.h"
#include "tensor/random.h"
#include "train/checkpoint.h"
#include "train/detail.h"
#include "train/muon.h"

namespace vitrine::train {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t most_log = std::size_t{1} << 32U;
constexpr std::size_t most_tokenizer = std::size_t{1} << 28U;
constexpr Index sample_tokens = 60;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// log.jsonl: every line is on its way to the disk when the next begins.
class Log {
   public:
    Log(fs::path path, const RunHooks& hooks) : path_(std::move(path)), hooks_(hooks) {}

    /// Lines of steps after `step` are forgotten: they are trained again.
    void cut_after(Index step) {
        if (!fs::exists(path_)) return;
        std::string kept;
        std::istringstream lines(read_file(path_, most_log));
        for (std::string line; std::getline(lines, line);) {
            const json entry = json::parse(line, nullptr, false);
            if (!entry.is_object() || entry.value("step", Index{0}) > step) continue;
            kept += line + "\n";
        }
        write_text_file(path_, kept);
    }
    void add(const json& entry) {
        std::ofstream file(path_, std::ios::app);
        file << entry.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
        if (!file) throw FileError(path_.string(), "room for the log", "a write error");
        if (hooks_.on_log) hooks_.on_log(entry);
    }

   private:
    fs::path path_;
    const RunHooks& hooks_;
};

class Run {
   public:
    Run(const Recipe& recipe, fs::path out, const RunHooks& hooks, const std::stop_token& stop)
        : recipe_(recipe),
          out_(std::move(out)),
          hooks_(hooks),
          stop_(stop),
          log_(out_ / "log.jsonl", hooks),
          tokenizer_(Tokenizer::load(recipe.tokenizer)) {
        check_recipe(recipe);
        begin_ = find_begin();
        GPT2Sizes sizes = recipe.model;
        sizes.vocabulary = tokenizer_.vocabulary();
        trainer_ = std::make_unique<GPT2Trainer>(sizes);
        config_ = trainer_->config();
        config_["bos_token_id"] = config_["eos_token_id"] = begin_;
        std::size_t needed = 0;
        for (const Phase& phase : recipe.phases) {
            const Index rows = phase.rows / recipe.accumulate;
            needed = std::max(needed, training_bytes(*trainer_, rows, phase.length));
        }
        check_memory(needed, available_memory());
    }

    RunResult go() {
        load_data();
        start();
        const Index steps = recipe_.steps();
        while (progress_.step < steps) {
            if (stop_.stop_requested()) {
                write();
                return {progress_.step, false, evaluation_.loss, evaluation_.bits_per_byte};
            }
            step();
            const auto is_time = [&](Index every) {
                return progress_.step % every == 0 || progress_.step == steps;
            };
            if (is_time(recipe_.log_every)) report();
            if (is_time(recipe_.validate_every)) validate();
            if (is_time(recipe_.checkpoint_every)) {
                sample(write());
            } else if (recipe_.keeps(progress_.step)) {
                sample(write_kept());
            }
        }
        write_model(out_, *trainer_, config_, recipe_.tokenizer, recipe_.dtype);
        log_.add({{"event", "end"}, {"step", progress_.step}, {"seconds", progress_.seconds}});
        return {progress_.step, true, evaluation_.loss, evaluation_.bits_per_byte};
    }

   private:
    int find_begin() const {
        const auto id = tokenizer_.id(recipe_.begin_token);
        if (!id) {
            throw ArgumentError("begin token", "a token of " + recipe_.tokenizer.string(),
                                "\"" + recipe_.begin_token + "\"",
                                "name the token that stands between documents");
        }
        return *id;
    }
    void load_data() {
        const fs::path folder = out_ / "data", training = folder / "train.safetensors";
        if (!fs::exists(training) || !fs::exists(folder / "validation.safetensors")) {
            const DataReport report =
                prepare_data(recipe_.data, tokenizer_, begin_, folder, hooks_.on_data, stop_);
            const auto part = [](const DataReport::Part& each) {
                return json{
                    {"documents", each.documents}, {"tokens", each.tokens}, {"bytes", each.bytes}};
            };
            log_.add({{"event", "data"},
                      {"training", part(report.training)},
                      {"validation", part(report.validation)},
                      {"left_out", report.left_out},
                      {"skipped", report.skipped}});
        }
        training_ = TokenFile::open(training);
        validation_ = TokenFile::open(folder / "validation.safetensors");
        batches_ = std::make_unique<Batches>(training_, recipe_.seed, recipe_.model.positions,
                                             tokenizer_.vocabulary());
        for (std::size_t i = 0; i < recipe_.phases.size(); ++i)
            batches_->at(recipe_.phases[i], static_cast<Index>(i), 0, 0, 1);
    }

    void start() {
        const std::vector<Checkpoint> list = checkpoints(out_);
        const auto last = std::find_if(list.rbegin(), list.rend(),
                                       [](const Checkpoint& each) { return each.resumes; });
        if (last != list.rend()) {
            progress_ = read_checkpoint(last->folder, *trainer_, state_);
        } else {
            trainer_->randomize(recipe_.seed);
            if (recipe_.sinusoid_base > 0)
                trainer_->add_sinusoids(recipe_.sinusoid_base, recipe_.sinusoid_amplitude);
        }
        reported_seconds_ = progress_.seconds;
        log_.cut_after(progress_.step);
        log_.add({{"event", "start"},
                  {"step", progress_.step},
                  {"steps", recipe_.steps()},
                  {"parameters", trainer_->parameters().values().size()},
                  {"training_tokens", training_.tokens()}});
        if (progress_.step == 0 && recipe_.keeps(0)) sample(write_kept());
    }

    /// The phase of a step, and the step's number in it.
    std::pair<std::size_t, Index> place(Index step) const {
        std::size_t phase = 0;
        while (step >= recipe_.phases[phase].steps) step -= recipe_.phases[phase++].steps;
        return {phase, step};
    }

    void step() {
        const double begin = now();
        const auto where = place(progress_.step);
        const Phase& phase = recipe_.phases[where.first];
        const Index rows = phase.rows / recipe_.accumulate;
        std::vector<Batch> parts;
        Index counted = 0;
        for (Index i = 0; i < recipe_.accumulate; ++i) {
            parts.push_back(
                batches_->at(phase, static_cast<Index>(where.first), where.second, i * rows, rows));
            counted += parts.back().counted();
        }
        trainer_->parameters().zero_grads();
        Loss loss;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const double share = counted == 0 ? 0.0
                                              : static_cast<double>(parts[i].counted()) /
                                                    static_cast<double>(counted);
            const auto pass = static_cast<std::uint64_t>(progress_.step * recipe_.accumulate) + i;
            const Loss part = trainer_->gradients(
                parts[i], share, {recipe_.dropout, recipe_.seed * golden_step + pass});
            loss.sum += part.sum;
            loss.count += part.count;
        }
        norm_ = clip_by_norm(trainer_->parameters().grads(), recipe_.clip);
        if (!std::isfinite(loss.sum) || !std::isfinite(norm_)) not_finite(loss, where, parts);
        rate_ = recipe_.schedule().at(progress_.step);
        Parameters& parameters = trainer_->parameters();
        if (recipe_.muon) {
            muon_step(parameters, state_, rate_, recipe_.optimizer);
        } else {
            adamw_step(parameters.values(), parameters.grads(), state_, rate_, recipe_.optimizer,
                       parameters.decays());
        }
        recent_.sum += loss.sum;
        recent_.count += loss.count;
        const Index tokens = phase.rows * phase.length;
        progress_.tokens += tokens;
        recent_tokens_ += tokens;
        ++progress_.step;
        progress_.seconds += now() - begin;
    }

    [[noreturn]] void not_finite(const Loss& loss, std::pair<std::size_t, Index> where,
                                 const std::vector<Batch>& parts) {
        const Phase& phase = recipe_.phases[where.first];
        const std::string first = trainer_->first_not_finite();
        const Index row = where.second * phase.rows;
        std::vector<int> ids;
        for (const Batch& part : parts) ids.insert(ids.end(), part.ids.begin(), part.ids.end());
        log_.add({{"event", "not finite"},
                  {"step", progress_.step + 1},
                  {"loss", loss.mean()},
                  {"grad_norm", norm_},
                  {"tensor", first},
                  {"ids", ids}});
        const std::vector<Checkpoint> list = checkpoints(out_);
        throw TrainingError(
            "step " + std::to_string(progress_.step + 1), "a finite loss and gradient",
            "loss " + std::to_string(loss.mean()) + ", first in " + first + ", of rows " +
                std::to_string(row) + " to " + std::to_string(row + phase.rows - 1) + " of phase " +
                std::to_string(where.first + 1) + " (their ids are in log.jsonl)",
            "lower the learning rate or warm up longer" +
                (list.empty()
                     ? std::string()
                     : "; the last checkpoint is of step " + std::to_string(list.back().step)));
    }

    void report() {
        const double seconds = progress_.seconds - reported_seconds_;
        json entry = {{"event", "step"},
                      {"step", progress_.step},
                      {"loss", recent_.mean()},
                      {"learning_rate", rate_},
                      {"grad_norm", norm_},
                      {"tokens", progress_.tokens},
                      {"seconds", progress_.seconds},
                      {"tokens_per_second", static_cast<double>(recent_tokens_) / seconds}};
        entry["grad_norms"] = norms_of_groups(trainer_->parameters());
        log_.add(entry);
        reported_seconds_ = progress_.seconds;
        recent_ = {};
        recent_tokens_ = 0;
    }

    void validate() {
        log_.add({{"event", "detail"},
                  {"step", progress_.step},
                  {"groups", histograms_of_groups(trainer_->parameters())}});
        if (validation_.documents() == 0) return;
        const Phase& phase = recipe_.phases[place(progress_.step - 1).first];
        const Index rows = std::max<Index>(
            1, phase.rows * phase.length / recipe_.accumulate / recipe_.model.positions);
        evaluation_ = evaluate(*trainer_, validation_, rows);
        log_.add({{"event", "validation"},
                  {"step", progress_.step},
                  {"loss", evaluation_.loss},
                  {"bits_per_byte", evaluation_.bits_per_byte}});
    }

    fs::path write() {
        fs::path folder =
            write_checkpoint(out_, *trainer_, &state_, progress_, config_, recipe_.tokenizer);
        thin_out(out_, [&](Index step) { return recipe_.keeps(step); });
        return logged(std::move(folder));
    }
    /// A model to look at, that no run goes on from.
    fs::path write_kept() {
        return logged(write_checkpoint(out_, *trainer_, nullptr, progress_, config_,
                                       recipe_.tokenizer, recipe_.dtype));
    }
    fs::path logged(fs::path checkpoint) {
        log_.add({{"event", "checkpoint"},
                  {"step", progress_.step},
                  {"folder", checkpoint.filename().string()}});
        return checkpoint;
    }

    /// Text that the checkpoint goes on with, as `vitrine generate` would.
    void sample(const fs::path& checkpoint) {
        if (recipe_.prompts.empty()) return;
        const auto model = load_language_model(checkpoint);
        GenerateOptions options;
        options.max_new_tokens = sample_tokens;
        options.sampling.temperature = 0.8;
        options.sampling.top_p = 0.95;
        options.sampling.seed = recipe_.seed;
        for (const std::string& prompt : recipe_.prompts) {
            std::vector<int> ids = tokenizer_.encode(prompt).ids;
            ids.insert(ids.begin(), begin_);
            const Generated made =
                generate(*model, tokenizer_, ids, options, {}, fast_parts(), stop_);
            log_.add({{"event", "sample"},
                      {"step", progress_.step},
                      {"prompt", prompt},
                      {"text", made.text}});
        }
    }

    const Recipe& recipe_;
    fs::path out_;
    const RunHooks& hooks_;
    std::stop_token stop_;
    Log log_;
    Tokenizer tokenizer_;
    int begin_ = 0;
    std::unique_ptr<GPT2Trainer> trainer_;
    json config_;
    TokenFile training_, validation_;
    std::unique_ptr<Batches> batches_;
    AdamWState state_;
    Progress progress_;
    Evaluation evaluation_;
    Loss recent_;  // since the last line of the log
    Index recent_tokens_ = 0;
    double norm_ = 0.0, rate_ = 0.0, reported_seconds_ = 0.0;
};

constexpr const char* recipe_file = "recipe.json";

/// tokenizer.json: the one that the recipe names, or one learnt from its texts.
std::string tokenizer_of(const Recipe& recipe, const RunHooks& hooks, const std::stop_token& stop) {
    if (recipe.vocabulary > 0) {
        if (!recipe.tokenizer.empty()) {
            throw ArgumentError("tokenizer", "a tokenizer or the size of a vocabulary to learn",
                                "both: " + recipe.tokenizer.string() + " and " +
                                    std::to_string(recipe.vocabulary) + " tokens");
        }
        return learn_tokenizer(recipe.data, recipe.vocabulary, recipe.begin_token, hooks.on_data,
                               stop)
            .tokenizer_json;
    }
    const fs::path& given = recipe.tokenizer;
    return read_file(fs::is_directory(given) ? given / "tokenizer.json" : given, most_tokenizer);
}

/// Two processes in one folder would mix up its log and checkpoints.
LockFile lock_folder(const fs::path& out) {
    std::error_code error;
    fs::create_directories(out, error);
    if (error) throw FileError(out.string(), "a folder that can be written", error.message());
    return {out / "lock", out.string()};
}

}  // namespace

RunResult begin_run(const Recipe& recipe, const fs::path& out, const RunHooks& hooks,
                    const std::stop_token& stop) {
    if (fs::exists(out / recipe_file)) {
        throw ArgumentError("output folder", "one without a run", out.string() + " holds one",
                            "go on with --resume, or take another folder");
    }
    const LockFile lock = lock_folder(out);
    Recipe whole = recipe;
    for (DocumentSource& source : whole.data.sources) source.path = fs::absolute(source.path);
    if (!whole.data.held_out.empty()) whole.data.held_out = fs::absolute(whole.data.held_out);
    const std::string tokenizer_json = tokenizer_of(whole, hooks, stop);
    whole.tokenizer = fs::absolute(out / "tokenizer.json");
    write_text_file(whole.tokenizer, tokenizer_json);
    Run run(whole, out, hooks, stop);
    write_text_file(out / recipe_file, to_json(whole).dump(2) + "\n");
    return run.go();
}

RunResult resume_run(const fs::path& out, const RunHooks& hooks, const std::stop_token& stop) {
    const fs::path file = out / recipe_file;
    if (!fs::exists(file)) {
        throw FileError(out.string(), "the folder of a run, with a recipe.json", "none",
                        "begin one: leave --resume out");
    }
    const LockFile lock = lock_folder(out);
    Recipe recipe = parse_recipe(read_json(file), out, out, file.string());
    recipe.tokenizer = out / "tokenizer.json";  // wherever the folder is by now
    return Run(recipe, out, hooks, stop).go();
}

}  // namespace vitrine::train
