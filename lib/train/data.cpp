#include "train/data.h"

#include <exception>
#include <utility>

#include "tensor/error.h"
#include "tensor/random.h"
#include "text/utf8.h"
#include "train/held_out.h"

namespace vitrine::train {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t batch_bytes = std::size_t{4} << 20U;

/// FNV-1a with the finalizer of splitmix64, so that the split is the same on every platform.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
    std::uint64_t value = 0xcbf29ce484222325U ^ (seed * golden_step);
    for (const char c : text) {
        value ^= static_cast<unsigned char>(c);
        value *= 0x100000001b3U;
    }
    return mix_bits(value);
}

TextError not_utf8(const std::string& where, const TextError& error) {
    return {"the document that begins in " + where, error.expected, error.actual,
            "convert the file, or leave such documents out"};
}

struct Document {
    std::string text, where;
    bool validates = false;
    std::vector<int> ids;
    std::exception_ptr problem;
};

/// Collects documents, tokenises many at once and writes them in their order.
class Preparation {
   public:
    Preparation(const Tokenizer& tokenizer, int begin, const fs::path& folder)
        : tokenizer_(tokenizer),
          begin_(begin),
          training_(folder / "train.safetensors"),
          validation_(folder / "validation.safetensors") {}

    void add(std::string_view text, const std::string& where, bool validates) {
        documents_.push_back({std::string(text), where, validates, {}, {}});
        waiting_ += text.size();
        if (waiting_ >= batch_bytes) flush();
    }

    void flush() {
        const auto count = static_cast<Index>(documents_.size());
#pragma omp parallel for schedule(dynamic)
        for (Index i = 0; i < count; ++i) tokenize(documents_[static_cast<std::size_t>(i)]);
        for (const Document& document : documents_) {
            if (document.problem) std::rethrow_exception(document.problem);
            (document.validates ? validation_ : training_).add(document.ids, document.text.size());
        }
        documents_.clear();
        waiting_ = 0;
    }

    TokenFileWriter& training() {
        return training_;
    }
    TokenFileWriter& validation() {
        return validation_;
    }

   private:
    void tokenize(Document& document) const {
        try {
            document.ids = tokenizer_.encode(document.text, false).ids;
            document.ids.insert(document.ids.begin(), begin_);
        } catch (const TextError& error) {
            document.problem = std::make_exception_ptr(not_utf8(document.where, error));
        } catch (...) {
            document.problem = std::current_exception();
        }
    }

    const Tokenizer& tokenizer_;
    int begin_;
    TokenFileWriter training_, validation_;
    std::vector<Document> documents_;
    std::size_t waiting_ = 0;
};

DataReport::Part part(const TokenFileWriter& file) {
    return {file.documents(), file.tokens(), file.bytes()};
}

using EachSplit =
    std::function<void(std::string_view text, const std::string& where, bool validates)>;

/// Hands on every document that is used, those for validation first if they are held out, and
/// counts those that are not.
void read_split(const DataOptions& options, DataReport& report, const EachSplit& each,
                const std::function<void(std::size_t)>& on_progress, const std::stop_token& stop) {
    HeldOut held_out;
    if (!options.held_out.empty()) {
        read_documents({options.held_out}, [&](std::string_view text, const std::string& where) {
            held_out.add(text);
            each(text, where, true);
        });
    }
    const auto keep = [&](std::string_view unit) {
        const bool is_held_out = held_out.contains(unit);
        report.left_out += is_held_out ? 1 : 0;
        return !is_held_out;
    };
    const bool splits = options.held_out.empty() && options.validation_share > 0;
    const auto limit = static_cast<std::uint64_t>(options.validation_share * 0x1p53);
    std::size_t read = 0;
    std::uint64_t last_validated = 0;
    const auto document = [&](std::string_view text, const std::string& where) {
        if (stop.stop_requested()) throw Stopped();
        read += text.size();
        if (options.skip_invalid && first_invalid_byte(text) != std::string_view::npos) {
            ++report.skipped;
            return;
        }
        const std::uint64_t value = hash(text, options.seed);
        const bool validates = splits && (value >> 11U) < limit;
        // A repeated document is validated on once.
        if (!validates || value != std::exchange(last_validated, value))
            each(text, where, validates);
        if (on_progress) on_progress(read);
    };
    for (const DocumentSource& source : options.sources) read_documents(source, document, keep);
}

}  // namespace

DataReport prepare_data(const DataOptions& options, const Tokenizer& tokenizer, int begin,
                        const fs::path& folder, const std::function<void(std::size_t)>& on_progress,
                        const std::stop_token& stop) {
    fs::create_directories(folder);
    DataReport report;
    Preparation preparation(tokenizer, begin, folder);
    read_split(
        options, report,
        [&](std::string_view text, const std::string& where, bool validates) {
            preparation.add(text, where, validates);
        },
        on_progress, stop);
    preparation.flush();
    report.training = part(preparation.training());
    report.validation = part(preparation.validation());
    if (report.training.documents == 0) {
        throw ArgumentError("training text", "at least one document", "none",
                            "the files are empty, or all of their text is held out");
    }
    preparation.training().commit();
    preparation.validation().commit();
    return report;
}

TrainedTokenizer learn_tokenizer(const DataOptions& options, Index vocabulary,
                                 const std::string& begin,
                                 const std::function<void(std::size_t)>& on_progress,
                                 const std::stop_token& stop) {
    TokenizerTrainerOptions wanted;
    wanted.vocabulary = vocabulary;
    wanted.special = {begin};
    TokenizerTrainer trainer(wanted);
    DataReport report;
    read_split(
        options, report,
        [&](std::string_view text, const std::string& where, bool validates) {
            if (validates) return;
            try {
                trainer.add(text);
            } catch (const TextError& error) {
                throw not_utf8(where, error);
            }
        },
        on_progress, stop);
    return trainer.train();
}

}  // namespace vitrine::train
