// Every error of the library says four things: what it is about, what was expected, what came, and
// what to do. A caller that does not care catches std::runtime_error and prints what().
#pragma once

#include <stdexcept>
#include <string>

namespace vitrine {

/// Base of the library's errors. what() is "name: expected EXPECTED, got ACTUAL (HINT)".
class Error : public std::runtime_error {
   public:
    /// @param name      what the error is about: a tensor, a file with a position, an argument
    /// @param expected  what would have been right
    /// @param actual    what came
    /// @param hint      what to do about it; may be empty
    Error(std::string name, std::string expected, std::string actual, std::string hint = {});
    /// An error whose sentence is already whole.
    explicit Error(const std::string& sentence) : std::runtime_error(sentence) {}

    std::string name, expected, actual, hint;
};

/// A tensor has the wrong shape.
class ShapeError : public Error {
    using Error::Error;
};

/// A file is missing, broken, truncated or of another kind than its name says.
class FileError : public Error {
    using Error::Error;
};

/// Text that can't be taken as it is: invalid UTF-8, a token that is too long, an unknown piece.
class TextError : public Error {
    using Error::Error;
};

/// A value outside its range, an unknown name, options that don't go together.
class ArgumentError : public Error {
    using Error::Error;
};

/// The run was asked to stop (a newer text came, the window closes).
class Stopped : public Error {
   public:
    Stopped() : Error("stopped") {}
};

}  // namespace vitrine
