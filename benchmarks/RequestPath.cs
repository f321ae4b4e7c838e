using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>One request through an application that does nothing, with and without the drain in front of it, while nothing drains. The difference is what the library adds to every request.</summary>
[MemoryDiagnoser]
[InProcess]
public class RequestPath
{
    private readonly DefaultHttpContext _request = new();
    private readonly ReusedResponse _response = new();
    private RequestDelegate _stock = null!;
    private RequestDelegate _drained = null!;

    [GlobalSetup]
    public void Setup()
    {
        _request.Features.Set<IHttpResponseFeature>(_response);
        // As a browser sends it: the drain reads it.
        IHeaderDictionary headers = new KnownHeaders();
        headers.Accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        _request.Features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", Path = "/", Headers = headers });
        _stock = Pipeline(drain: false);
        _drained = Pipeline(drain: true);
    }

    [Benchmark(Baseline = true)]
    public Task Stock() => Serve(_stock);

    [Benchmark]
    public Task Drained() => Serve(_drained);

    private Task Serve(RequestDelegate pipeline)
    {
        Task served = pipeline(_request);
        _response.Complete();
        return served;
    }

    private static RequestDelegate Pipeline(bool drain)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        if (drain) builder.AddGracefulShutdown();
        WebApplication application = builder.Build();
        Action<IApplicationBuilder> configure = app => app.Run(static _ => Task.CompletedTask);
        foreach (IStartupFilter filter in application.Services.GetServices<IStartupFilter>().Reverse()) configure = filter.Configure(configure);
        var pipeline = new ApplicationBuilder(application.Services);
        configure(pipeline);
        return pipeline.Build();
    }

    /// <summary>Headers that keep the known ones in fields, as Kestrel's do, and not in a dictionary.</summary>
    private sealed class KnownHeaders : HeaderDictionary, IHeaderDictionary
    {
        StringValues IHeaderDictionary.Accept { get; set; }

        StringValues IHeaderDictionary.Upgrade { get; set; }
    }

    /// <summary>A response that keeps its one callback without allocating, as Kestrel's does after the first request of a connection.</summary>
    private sealed class ReusedResponse : IHttpResponseFeature
    {
        private Func<object, Task>? _callback;
        private object? _state;

        public int StatusCode { get; set; }

        public string? ReasonPhrase { get; set; }

        public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

        public Stream Body { get; set; } = Stream.Null;

        public bool HasStarted => false;

        public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

        public void OnCompleted(Func<object, Task> callback, object state) => (_callback, _state) = (callback, state);

        public void Complete()
        {
            _callback?.Invoke(_state!);
            _callback = null;
        }
    }
}
