using BenchmarkDotNet.Running;
using ShutdownAnalyzers.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(RequestPath).Assembly).Run(args);
