#include "io/json.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "tensor/error.h"

namespace vitrine {

namespace {

constexpr int most_levels = 64;

/// Looks at every event of the parser before a value is made of it.
class Guard : public nlohmann::json_sax<nlohmann::json> {
   public:
    explicit Guard(std::string where) : where_(std::move(where)) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (!keys_.back().insert(name).second) {
            throw FileError(where_, "every key once", "the key \"" + name + "\" twice");
        }
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& problem) override {
        const std::string what = problem.what();
        const std::size_t reason = what.rfind("; ");
        throw FileError(where_, "JSON",
                        "an error at byte " + std::to_string(position) + ": " +
                            (reason == std::string::npos ? what : what.substr(0, reason)),
                        "the file is damaged or is not JSON");
    }

   private:
    bool open() {
        if (keys_.size() >= most_levels) {
            throw FileError(where_, "at most " + std::to_string(most_levels) + " nested levels",
                            "more", "the file is damaged or hostile");
        }
        keys_.emplace_back();
        return true;
    }
    bool close() {
        keys_.pop_back();
        return true;
    }

    std::string where_;
    std::vector<std::set<std::string>> keys_;
};

}  // namespace

nlohmann::json parse_json(std::string_view text, const std::string& where) {
    Guard guard(where);
    nlohmann::json::sax_parse(text, &guard);
    return nlohmann::json::parse(text);
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw FileError(path.string(), "a file", error.message());
    if (size > limit) {
        throw FileError(path.string(), "at most " + std::to_string(limit) + " bytes",
                        std::to_string(size));
    }
    std::string text(size, '\0');
    std::ifstream stream(path, std::ios::binary);
    if (!stream.read(text.data(), static_cast<std::streamsize>(size))) {
        throw FileError(path.string(), "a readable file", "an error while reading");
    }
    return text;
}

nlohmann::json read_json(const std::filesystem::path& path, std::size_t limit) {
    return parse_json(read_file(path, limit), path.string());
}

}  // namespace vitrine
