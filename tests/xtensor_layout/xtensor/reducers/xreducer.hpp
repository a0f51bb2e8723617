#pragma once
#include <xtensor/xreducer.hpp>
