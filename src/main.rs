fn main() -> std::process::ExitCode {
    touchline::cli::main()
}
