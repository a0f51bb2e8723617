#include "cli/batch.h"

#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::cli {

using nlohmann::json;

std::vector<TaskText> read_batch(const std::string& file) {
    const std::string name = file == "-" ? "standard input" : file;
    const json batch = file == "-" ? parse_json(text_or_stdin(file), name) : read_json(file);
    if (!batch.is_array()) throw FileError(name, "a JSON array", batch.type_name());
    std::vector<TaskText> texts;
    for (const json& item : batch) {
        if (item.is_string()) {
            texts.push_back({item.get<std::string>(), {}});
        } else if (item.is_array() && item.size() == 2 && item[0].is_string() &&
                   item[1].is_string()) {
            texts.push_back({item[0].get<std::string>(), item[1].get<std::string>()});
        } else {
            throw FileError(name + ", item " + std::to_string(texts.size()),
                            "a text or a pair of texts", item.type_name());
        }
    }
    return texts;
}

}  // namespace vitrine::cli
