using Quiet.GrpcGreeter;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddGrpc();
builder.AddGracefulShutdown();

var app = builder.Build();
app.MapGrpcService<GreeterService>();
app.MapReadiness();
app.MapLiveness();
app.Run();
