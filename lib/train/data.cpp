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

struct Document {
    std::string text, where;
    bool validates = false;
    std::vector<int> ids;
    std::exception_ptr problem;
};

/// Collects documents, tokenises many at once and writes them in their order.
class Preparation {
   public:
    Preparation(const DataOptions& options, const Tokenizer& tokenizer, int begin,
                const fs::path& folder)
        : options_(options),
          tokenizer_(tokenizer),
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

    bool skips(std::string_view text) const {
        return options_.skip_invalid && first_invalid_byte(text) != std::string_view::npos;
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
            document.problem = std::make_exception_ptr(
                TextError("the document that begins in " + document.where, error.expected,
                          error.actual, "convert the file, or leave such documents out"));
        } catch (...) {
            document.problem = std::current_exception();
        }
    }

    const DataOptions& options_;
    const Tokenizer& tokenizer_;
    int begin_;
    TokenFileWriter training_, validation_;
    std::vector<Document> documents_;
    std::size_t waiting_ = 0;
};

DataReport::Part part(const TokenFileWriter& file) {
    return {file.documents(), file.tokens(), file.bytes()};
}

}  // namespace

DataReport prepare_data(const DataOptions& options, const Tokenizer& tokenizer, int begin,
                        const fs::path& folder, const std::function<void(std::size_t)>& on_progress,
                        const std::stop_token& stop) {
    fs::create_directories(folder);
    DataReport report;
    Preparation preparation(options, tokenizer, begin, folder);
    HeldOut held_out;
    if (!options.held_out.empty()) {
        read_documents({options.held_out}, [&](std::string_view text, const std::string& where) {
            held_out.add(text);
            preparation.add(text, where, true);
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
    for (const DocumentSource& source : options.sources) {
        read_documents(
            source,
            [&](std::string_view text, const std::string& where) {
                if (stop.stop_requested()) throw Stopped();
                read += text.size();
                if (preparation.skips(text)) {
                    ++report.skipped;
                    return;
                }
                const std::uint64_t value = hash(text, options.seed);
                const bool validates = splits && (value >> 11U) < limit;
                // A repeated document is validated on once.
                if (!validates || value != std::exchange(last_validated, value))
                    preparation.add(text, where, validates);
                if (on_progress) on_progress(read);
            },
            keep);
    }
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

}  // namespace vitrine::train
