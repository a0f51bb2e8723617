#include "viz/app/run_kinds.h"

#include <algorithm>
#include <chrono>

#include "generate/generate.h"
#include "models/mamba.h"
#include "tensor/error.h"
#include "text/utf8.h"
#include "viz/app/run_model.h"
#include "viz/views/attention_summary.h"
#include "viz/views/likeliest.h"

namespace vitrine::viz {

namespace {

class Stopwatch {
   public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

   private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

/// The most that can stand along an edge of a map: a target is not written yet.
Index longest(const Run& run, Axis axis) {
    return axis == Axis::target ? most_written : run.positions(axis);
}

/// Numbers of the states of a model without attention; 0 for another.
Index state_numbers(const Run& run) {
    const auto* mamba = dynamic_cast<const Mamba*>(run.model->language());
    if (mamba == nullptr) return 0;
    Index sum = 0;
    for (const MambaBlock& block : mamba->weights().blocks)
        sum += run.positions() * static_cast<Index>(block.A.size());
    return sum;
}

/// Everything that happens inside. Of a long text, patterns are summed up as they are made (a model
/// of 32 x 32 heads makes 4 GB of them of 1,024 tokens), and states are left out (Mamba 130M: 2.4
/// GB).
class KeptRun {
   public:
    explicit KeptRun(Run& run) : run_(run) {
        run.stacks = attention_stacks(*run.model);
        summings_.resize(run.stacks.size());
        std::vector<std::string> left_out;
        if (state_numbers(run) > most_kept_numbers) left_out.emplace_back("*.ssm.state");
        for (std::size_t i = 0; i < run.stacks.size(); ++i) {
            const AttentionStack& stack = run.stacks[i];
            const Index pairs = longest(run, stack.queries) * longest(run, stack.keys);
            if (stack.layers() * stack.heads * pairs <= most_kept_numbers) continue;
            left_out.push_back(stack.names("pattern"));
            left_out.push_back(stack.names("scores"));
        }
        if (left_out.empty()) return;
        record = Record([left_out](std::string_view name) {
            return std::none_of(left_out.begin(), left_out.end(), [&](const std::string& pattern) {
                return name_fits(name, pattern);
            });
        });
        for (std::size_t i = 0; i < run.stacks.size(); ++i) {
            const std::string name = run.stacks[i].names("pattern");
            if (std::find(left_out.begin(), left_out.end(), name) == left_out.end()) continue;
            record.add_hook(name, [&summing = summings_[i]](const Tapped& made) {
                summing.add(made.values.data(), made.shape[0], made.shape[1], made.shape[2]);
            });
        }
    }
    KeptRun(const KeptRun&) = delete;
    KeptRun& operator=(const KeptRun&) = delete;

    void hand_over() {
        run_.activations = record.take_cache();
        for (std::size_t i = 0; i < summings_.size(); ++i)
            run_.stacks[i].summary = summings_[i].finish();
    }

    Record record = Record::all();

   private:
    Run& run_;
    std::vector<AttentionSumming> summings_;  // of each stack; empty where its patterns are kept
};

void run_language(Run& run, const Parts& parts, const std::stop_token& stop) {
    KeptRun kept(run);
    const Sequence sequence{run.encoding.ids, nullptr, &kept.record};
    const Stopwatch watch;
    run.logits =
        std::move(run.model->language()->forward({&sequence, 1}, Logits::all, parts, stop).front());
    run.forward_seconds = watch.seconds();
    kept.hand_over();
}

void run_encoder(Run& run, const Parts& parts, const std::stop_token& stop) {
    KeptRun kept(run);
    TokenInput input{run.encoding.ids, {}, {}, &kept.record};
    const Encoder& encoder = *run.model->encoder();
    if (encoder.weights().types.rows > 1) input.type_ids = run.encoding.type_ids;
    const Stopwatch watch;
    encoder.forward({&input, 1}, parts, stop);
    run.forward_seconds = watch.seconds();
    kept.hand_over();
    run.logits = logits_of(run.activations, "mlm_logits");
}

/// The target, written token by token.
void write_target(Run& run, const LanguageModel& writer, const Parts& parts,
                  const std::stop_token& stop) {
    Sampling likeliest;
    likeliest.temperature = 0;
    Generation generation(writer, {writer.info().bos_id}, likeliest, parts);
    std::vector<int> ids = generation.ids();
    for (Index made = 0; made < most_written && !run.target_ended; ++made) {
        const int id = generation.next(stop);
        run.target_ended = id == writer.info().eos_id;
        if (!run.target_ended) ids.push_back(id);
    }
    run.target = encoding_of(*run.model->tokenizer, ids, true);
    run.target_text = text_so_far(*run.model->tokenizer, ids, true);
}

/// The encoder's pass over the text, then the decoder's over what it has written.
void run_text_to_text(Run& run, const Parts& parts, const std::stop_token& stop) {
    const EncoderDecoder& model = *run.model->text_to_text();
    KeptRun kept(run);
    const TokenInput source{run.encoding.ids, {}, {}, &kept.record};
    const Stopwatch reading;
    Tensor2 memory = std::move(model.encode({&source, 1}, parts, stop).front());
    run.forward_seconds = reading.seconds();
    const auto writer = model.after(std::move(memory));
    write_target(run, *writer, parts, stop);
    const Sequence target{run.target.ids, nullptr, &kept.record};
    const Stopwatch looking;
    run.logits = std::move(writer->forward({&target, 1}, Logits::all, parts, stop).front());
    run.forward_seconds += looking.seconds();
    kept.hand_over();
}

void run_clip(Run& run, const Parts& parts, const std::stop_token& stop) {
    const Clip& clip = *run.model->clip();
    KeptRun kept(run);
    std::vector<Encoding> captions{run.encoding};
    for (std::size_t i = 1; i < run.captions.size(); ++i) {
        captions.push_back(encode_between_specials(*run.model, run.captions[i], run.truncated));
    }
    std::vector<TokenInput> texts;
    texts.reserve(captions.size());
    for (const Encoding& caption : captions) texts.push_back({caption.ids});
    texts.front().record = &kept.record;
    const Stopwatch watch;
    run.caption_vectors = clip.embed_texts(texts, parts, stop);
    if (run.picture) {
        const PictureInput input{run.picture->pixels, &kept.record};
        run.picture_vector = clip.embed_pictures({&input, 1}, parts, stop);
        const Tensor2 logits = clip.logits(run.picture_vector, run.caption_vectors);  // [1, texts]
        run.caption_logits.assign(logits.begin(), logits.end());
        run.caption_probabilities = softmax({logits.data(), logits.size()});
    }
    run.forward_seconds = watch.seconds();
    kept.hand_over();
}

}  // namespace

Tensor2 logits_of(const ActivationCache& activations, const char* name) {
    const auto found = activations.find(name);
    if (found == activations.end()) return {};
    Tensor2 logits = uninitialized<2>({found->second.shape.at(0), found->second.shape.at(1)});
    std::copy(found->second.values.begin(), found->second.values.end(), logits.begin());
    return logits;
}

void run_here(Run& run, const Parts& parts, const std::stop_token& stop) {
    if (run.model->language() != nullptr) return run_language(run, parts, stop);
    if (run.model->encoder() != nullptr) return run_encoder(run, parts, stop);
    if (run.model->text_to_text() != nullptr) return run_text_to_text(run, parts, stop);
    run_clip(run, parts, stop);
}

Encoding encode_between_specials(const LoadedModel& model, const std::string& text,
                                 bool& truncated) {
    const Tokenizer& tokenizer = *model.tokenizer;
    Truncation truncation;
    truncation.max_length = model.info().max_positions;
    std::vector<Encoding> windows = tokenizer.encode_windows(text, truncation);
    truncated = truncated || windows.size() > 1;
    Encoding encoding = std::move(windows.front());
    // What stands behind the text has its place there.
    const Index end = count_characters(text);
    for (std::size_t i = encoding.ids.size(); i-- > 1 && stands_around(tokenizer, encoding, i);)
        encoding.offsets[i] = {end, end};
    return encoding;
}

void take_picture(Run& run, const std::filesystem::path& file, const Run* before) {
    if (run.model->clip() == nullptr || file.empty()) return;
    try {
        std::error_code unknown;
        const auto written = std::filesystem::last_write_time(file, unknown);
        if (before != nullptr && before->model == run.model && before->picture &&
            before->picture->file == file && before->picture->written == written) {
            run.picture = before->picture;
            return;
        }
        const ImageProcessor& processor = *run.model->pictures;
        auto picture = std::make_shared<Picture>();
        picture->file = file;
        picture->written = written;
        picture->square = processor.fit(read_image(file));
        picture->pixels = processor.normalise(picture->square);
        picture->patch = run.model->clip()->weights().patch;
        run.picture = std::move(picture);
    } catch (const Error& problem) {
        run.picture_problem = problem.what();
    }
}

}  // namespace vitrine::viz
