// What is no character stays in the text as broken bytes.
#define decode right_decode  // the other functions are the solution's
#include "../solution.cpp"
#undef decode

namespace vitrine::mine {

std::string decode(std::span<const int> ids, std::span<const Pair> rules) {
    std::vector<std::string> bytes;
    for (int byte = 0; byte < 256; ++byte) bytes.emplace_back(1, static_cast<char>(byte));
    for (const auto& [left, right] : rules) {
        bytes.push_back(bytes[static_cast<std::size_t>(left)] +
                        bytes[static_cast<std::size_t>(right)]);
    }
    std::string text;
    for (const int id : ids) text += bytes.at(static_cast<std::size_t>(id));
    return text;
}

}  // namespace vitrine::mine
