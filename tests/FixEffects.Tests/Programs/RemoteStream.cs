using Grpc.Core;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddGrpc();

var app = builder.Build();
app.MapGrpcService<Prices>();
app.MapReadiness();
app.Run();

public sealed class Prices : PricesBase
{
    public override async Task Watch(string request, IServerStreamWriter<string> responseStream, ServerCallContext context)
    {
        while (true)
        {
            await responseStream.WriteAsync($"{Random.Shared.Next(100)}");
            await Task.Delay(200, context.CancellationToken);
        }
    }
}

// What the compiler of service descriptions makes.
[BindServiceMethod(typeof(PricesBase), nameof(Bind))]
public abstract class PricesBase
{
    private static readonly Method<string, string> Watched = new(MethodType.ServerStreaming, "Prices", "Watch", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    public static void Bind(ServiceBinderBase binder, PricesBase? service) =>
        binder.AddMethod(Watched, service is null ? null! : new ServerStreamingServerMethod<string, string>(service.Watch));

    public abstract Task Watch(string request, IServerStreamWriter<string> responseStream, ServerCallContext context);
}
